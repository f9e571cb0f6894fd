"""How sure an answer has to be: the one place for the numbers that decide what a customer is shown.

Confidence is the chance that the first FAQ is right. A wrong answer costs a customer about five
times what a question back costs. What `make evaluate` measures at other values of ANSWER, on 637
messages by other companies' customers and on our own 260:

    ANSWER                             0.7     0.75    0.8     0.85    0.9
    strangers: in scope answered       61 %    57 %    54 %    51 %    44 %
               wrong of all answers    15 %    14 %    14 %    13 %    11 %
    our own:   in scope answered       84 %    82 %    80 %    77 %    74 %
               wrong of all answers     5 %     5 %     5 %     5 %     5 %

(0.5: 69 % of the strangers' answered, 19 % of the answers wrong.)
"""

# Confidence from which an FAQ is given as the answer: the most answers at the least cost.
ANSWER = 0.7
# Share of the meaning that it has to have beside that, however sure.
LEAD = 0.33
# Confidence from which three are offered; below, we say that we don't know.
OFFER = 0.2
# Share of urgent FAQs together: money may be leaving the account. From here on they are at least
# offered, and from LEADING on, no other FAQ is given as the answer past them.
URGENT = 0.2
LEADING = 0.15
# Share of an urgent FAQ that one clause asks for, from which it comes before what the whole asks:
# 怎么停掉 alone is about an account, 不想再用扫脸付钱，怎么停掉 is not.
BESIDE = 0.001
# What a topic beyond the help center, or of small talk, needs of the message to be taken for it.
TOPIC = 0.5
# Confidence from which FAQs are offered though a topic beyond the help center is nearer. Of 25
# such messages nine were about an FAQ offered; sixteen get an offer instead of an "unknown".
CHANCE = 0.25
# What a wish for a person needs, to miss which costs more than to ask for a person in vain: so much
# alone, or HINTED of it and with the FAQ that leads to one TOGETHER. Of messages by other authors
# in between and below TOPIC, thirteen of fourteen wished for one.
HUMAN, HINTED, TOGETHER = 0.35, 0.1, 0.6
# Where the articles are read: likeness (0 to 100) from which small talk is taken for it.
ALIKE = 60.0
# An offer this faint gives way to answers that hold the whole message.
FAINT = 0.3
