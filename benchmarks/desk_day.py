"""A day at the desk, by hand and handed out: waits, fairness, promises, seats that idle meanwhile.

    python -m benchmarks.desk_day [--customers N] [--agents N] [--seed N]

A clock of events, no wall clock: the same seed gives the same customers, agents, absences, handling
times and patience to both ways of working. Handing out is the desk's own rule
(web/desk/handout/rule.py) called with the simulated time, and what is told to who waits are its own
estimates. What people do is modelled, and stated by `MODEL`.
"""

from __future__ import annotations

import argparse
import heapq
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from benchmarks.desk_figures import report
from benchmarks.desk_people import SEATS, Agent, Customer, plan
from web.desk import estimates
from web.desk.handout.rule import NEVER, Case, Rule, Seat, choose

MODEL = """the model: an agent takes two chats; a handling lasts 6 min (log-normal, sigma 0.6), a
quarter longer where the agent is not good at the topic; customers leave after 20 min (log-normal,
sigma 0.7). By hand: whoever has a free seat looks at the queue 25 s after something changed
(exponential; every fifth agent 90 s) and takes the front of it. Offered: an offer is answered after
4 s (log-normal, sigma 0.5), passed on 3 times of 100; an urgent one may be a third chat. Agents are
away for 45 min at noon and say so; twice a day they are gone for 4 to 12 min without saying so.
Every 20th customer calls by video, which takes all of an agent; every 25th has booked a callback,
which takes a seat."""
BEGIN = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)  # nine o'clock in Shanghai
OFF_SKILL = 1.25
RULE = Rule()


class Day:
    """One day, worked one way."""

    def __init__(self, people: Sequence[Customer], staff: Sequence[Agent], seed: int, way: str):
        self.people, self.staff, self.way = people, {one.id: one for one in staff}, way
        self.draw = random.Random(f"{seed} {way}")  # noqa: S311 - a simulation
        self.at = 0.0
        self.queue: dict[str, Customer] = {}
        self.taken: list[tuple[float, float]] = []  # (since, at) as estimates want them
        self.idle = self.skilled = 0.0
        self.late_calls: list[float] = []
        self.numbers = count()
        self.heap: list[tuple[float, int, Callable[[], None]]] = []
        for one in people:
            self.later(one.came, lambda one=one: self.arrive(one))
        for agent in staff:
            for begin, end, _ in agent.breaks:
                self.later(begin, lambda: None)
                self.later(end, lambda agent=agent: self.come_back(agent))
            self.later(agent.shift[0], lambda: None)

    def later(self, at: float, act: Callable[[], None]) -> None:
        """Do something at a time."""
        heapq.heappush(self.heap, (at, next(self.numbers), act))

    def run(self) -> Day:
        """Work the day off, until the last customer is served or has left."""
        while self.heap:
            at, _, act = heapq.heappop(self.heap)
            self.measure(at - self.at)
            self.at = at
            act()
            self.hand_out() if self.way == "offered" else self.notice()
        return self

    def measure(self, span: float) -> None:
        """Add up seats that idle beside somebody who waits and rings nowhere."""
        waiting = sum(not one.ringing for one in self.queue.values())
        seats = sum(
            SEATS - one.chats
            for one in self.staff.values()
            if one.there(self.at) and not one.rings and one.chats < SEATS
        )
        idle = min(waiting, seats) * span
        self.idle += idle
        if self.way == "offered" and not self.picks():
            self.skilled += idle  # the rule itself leaves them so

    def now(self) -> datetime:
        """Give the simulated time."""
        return BEGIN + timedelta(seconds=self.at)

    def arrive(self, one: Customer) -> None:
        """Let a customer call, be called, or join the queue."""
        if one.by == "callback":
            self.call_back(one, one.came)
            return
        if one.by == "video" and (agent := self.idlest(whole=True)) is not None:
            self.serve(one, agent, seats=SEATS)
            return
        self.queue[one.id] = one
        order = self.in_order()
        minutes = self.load().minutes(order.index(one) + 1)
        one.high = minutes[1] * 60.0 if minutes else None
        self.later(one.came + one.patience, lambda: self.give_up(one))
        self.later(one.came + RULE.overflow.total_seconds(), lambda: None)

    def load(self) -> estimates.Load:
        """Estimate as the desk does, from the last hour."""
        recent = [row for row in self.taken if row[1] > self.at - 3600]
        times = sorted(((_time(since), _time(at)) for since, at in recent), key=lambda row: row[1])
        first = min((one.came for one in self.queue.values()), default=None)
        online = sum(one.online(self.at) for one in self.staff.values())
        steps = estimates.steps(times, None if first is None else _time(first), self.now())
        return estimates.Load(online, online * SEATS, 0, steps if online else ())

    def in_order(self) -> list[Customer]:
        """Give who waits in the queue's order."""
        ranks = {"life": 0, "urgent": 1, "other": 2}
        return sorted(self.queue.values(), key=lambda one: (ranks[one.urgency], one.came))

    def give_up(self, one: Customer) -> None:
        """Let a customer leave, unless they were taken."""
        if one.id in self.queue:
            del self.queue[one.id]
            one.left = self.at
            self.let_go(one)

    def let_go(self, one: Customer) -> None:
        """End what rings for a customer."""
        for agent_id in one.ringing:
            self.staff[agent_id].rings = False
        one.ringing.clear()

    def call_back(self, one: Customer, due: float) -> None:
        """Call a customer back, by hand in both ways: by whoever idles, or half a minute later."""
        agent = self.idlest()
        if agent is None:
            self.later(self.at + 30, lambda: self.call_back(one, due))
            return
        self.late_calls.append(self.at - due)
        self.serve(one, agent)

    def idlest(self, *, whole: bool = False) -> Agent | None:
        """Find who has a free seat (whole: no chat at all) and has been longest without a case."""
        free = [
            one
            for one in self.staff.values()
            if one.there(self.at) and not one.rings and one.chats < (1 if whole else SEATS)
        ]
        return min(free, key=lambda one: (one.newest or 0.0, one.id), default=None)

    def serve(self, one: Customer, agent: Agent, seats: int = 1) -> None:
        """Let an agent have a customer until the work is done."""
        self.queue.pop(one.id, None)
        self.let_go(one)
        one.taken = self.at
        agent.rings, agent.missed = False, 0
        agent.chats += seats
        agent.calls += seats > 1
        agent.newest = self.at
        agent.had += 1
        if one.by == "chat":
            self.taken.append((one.came, self.at))
        good = not agent.skills or one.topic in agent.skills
        done = self.at + one.work * (1 if good else OFF_SKILL)
        self.later(done, lambda: self.end(agent, seats))

    def end(self, agent: Agent, seats: int) -> None:
        """Free an agent's seats."""
        agent.chats -= seats
        agent.calls -= seats > 1

    def come_back(self, agent: Agent) -> None:
        """Let an agent sit down again; who was set away says that they are back."""
        agent.sent_away, agent.missed = False, 0

    def notice(self) -> None:
        """By hand: whoever has a free seat looks at the queue after a while."""
        if not self.queue:
            return
        for agent in self.staff.values():
            if not agent.looks and agent.there(self.at) and agent.chats < SEATS:
                agent.looks = True
                pause = self.draw.expovariate(1 / agent.pace)
                self.later(self.at + pause, lambda agent=agent: self.fish(agent))

    def fish(self, agent: Agent) -> None:
        """Take the front of the queue, if there is still one and a seat."""
        agent.looks = False
        if self.queue and agent.there(self.at) and agent.chats < SEATS:
            self.serve(self.in_order()[0], agent)

    def picks(self) -> list[tuple[Customer, Agent]]:
        """Ask the desk's own rule who is offered whom now."""
        cases = [
            Case(
                one.id,
                one.topic,
                _time(one.came),
                life=one.urgency == "life",
                urgent=one.urgency == "urgent",
                rings=frozenset(one.ringing),
                asked=one.asked,
            )
            for one in self.in_order()
        ]
        seats = [
            Seat(
                one.id,
                -1 if one.calls else SEATS - one.chats,
                one.skills,
                NEVER if one.newest is None else _time(one.newest),
                one.rings,
            )
            for one in self.staff.values()
            if one.online(self.at)
        ]
        found = choose(cases, seats, self.now(), RULE) if cases else []
        return [(self.queue[pick.case], self.staff[pick.agent]) for pick in found]

    def hand_out(self) -> None:
        """Offered: let what the rule picks ring."""
        for one, agent in self.picks():
            one.ringing.add(agent.id)
            agent.rings = True
            answer = min(self.draw.lognormvariate(1.386, 0.5), 19.0)
            passes = self.draw.random() < 0.03 and agent.id not in one.asked
            if not agent.there(self.at):
                wait, act = RULE.rings.total_seconds(), self.miss
            else:
                wait, act = answer, self.decline if passes else self.take
            self.later(self.at + wait, lambda one=one, agent=agent, act=act: act(one, agent))

    def take(self, one: Customer, agent: Agent) -> None:
        """Accept an offer."""
        if agent.id in one.ringing:
            self.serve(one, agent)

    def decline(self, one: Customer, agent: Agent) -> None:
        """Pass an offer on."""
        if agent.id in one.ringing:
            one.ringing.discard(agent.id)
            agent.rings, agent.missed = False, 0
            one.asked[agent.id] = one.asked.get(agent.id, 0) + 1

    def miss(self, one: Customer, agent: Agent) -> None:
        """Let an offer run out; after some in a row the agent is set away."""
        if agent.id in one.ringing:
            missed = agent.missed + 1
            self.decline(one, agent)
            agent.missed = missed
            agent.sent_away = missed >= RULE.misses


def _time(at: float) -> datetime:
    return BEGIN + timedelta(seconds=at)


def main() -> None:
    """Work the same day both ways."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=2000)
    parser.add_argument("--agents", type=int, default=25)
    parser.add_argument("--seed", type=int, default=20261130)
    wish = parser.parse_args()
    print(f"{wish.customers} customers, {wish.agents} agents, seed {wish.seed}; {MODEL}")
    for way in ("by hand", "offered"):
        report(Day(*plan(wish.seed, wish.customers, wish.agents), wish.seed, way).run())


if __name__ == "__main__":
    main()
