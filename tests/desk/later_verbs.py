"""What is promised for later, for a machine to do in any order: tickets, callbacks, calls."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.desk.verbs import HOURS, Always, Verbs
from web.desk import bookings, callbacks, calls, slots, tickets, ticketwork, video
from web.desk.events import CUSTOMER
from web.desk.vault import Vault

RULES = callbacks.Rules(capacity=99)
VAULT = Vault(["a secret of the tests only"])


class LaterVerbs(Verbs):
    """The verbs, and those of tickets, callbacks and calls."""

    things, who = Verbs.things, Verbs.who

    @rule(one=things, email=st.booleans())
    def ticket(self, one, email):
        wish = tickets.Wish(
            text="退款没到",
            client_id=f"words-{next(self.numbers):04d}",
            email="x" if email else None,
        )
        self.attempt(lambda s: tickets.leave_message(s, one, wish, CUSTOMER, HOURS, self.desk.now))

    @rule(one=things, who=who)
    def answer(self, one, who):
        self.attempt(
            lambda s: tickets.answer(
                s, one, self.agents[who], f"reply-{next(self.numbers):04d}", "已退", self.desk.now
            )
        )

    @rule(one=things, who=who)
    def take_ticket(self, one, who):
        self.attempt(lambda s: ticketwork.take(s, one, self.agents[who], self.desk.now))

    @rule(one=things, who=who, back=st.booleans())
    def hand_ticket_on(self, one, who, back):
        agent = self.agents[who]
        to = None if back else self.desk.other(agent).id
        self.attempt(lambda s: ticketwork.hand_on(s, one, agent, to, "", self.desk.now))

    @rule(one=things, who=who)
    def ask_back(self, one, who):
        number, now = f"reply-{next(self.numbers):04d}", self.desk.now
        self.attempt(
            lambda s: tickets.answer(s, one, self.agents[who], number, "哪天？", now, done=False)
        )

    @rule(one=things)
    def book(self, one):
        start = slots._ceiling(self.desk.now + timedelta(hours=1))
        number = f"138{next(self.numbers):08d}"
        self.attempt(
            lambda s: callbacks.book(s, one, number, start, Always(), RULES, VAULT, self.desk.now)
        )

    @rule(one=things)
    def cancel_callback(self, one):
        self.attempt(lambda s: callbacks.cancel(s, one, self.desk.now))

    @rule(one=things, who=who)
    def take_callback(self, one, who):
        agent = self.agents[who]
        self.attempt(lambda s: callbacks.take(s, bookings.own(s, one).id, agent, self.desk.now))

    @rule(one=things, who=who, how=st.sampled_from(["reached", "no_answer", "wrong_number"]))
    def close_callback(self, one, who, how):
        agent = self.agents[who]
        self.attempt(
            lambda s: callbacks.close(s, bookings.own(s, one).id, agent, how, self.desk.now)
        )

    @rule(one=things, who=who)
    def call_and_accept(self, one, who):
        agent = self.agents[who]

        def act(session):
            call = video.request(session, one, "video", [agent.id], self.desk.now)
            video.accept(session, call.id, agent, self.desk.now)

        self.attempt(act)

    @rule(one=things)
    def hang_up(self, one):
        def act(session):
            if (call := calls.current(session, one)) is not None:
                video.hang_up(session, call.id, CUSTOMER, self.desk.now)

        self.attempt(act)
