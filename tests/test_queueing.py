"""Which texts run next, and which go together."""

from concurrent.futures import Future

from hypothesis import given
from hypothesis import strategies as st

from newsbrief.queueing import BACKFILL_TURN, Job, Lane, Queue, Ticket
from tests.doubles import Kind, Text


def ticket(turn: float = 0.0, lane: Lane = Lane.INTERACTIVE) -> Ticket:
    return Ticket(tokens=100, lane=lane, deadline=None, turn=turn)


def job(length: int, owner: Ticket, call: Kind | None = None, name: str = "") -> Job:
    return Job(call or Kind(), Text(length, name), Future(), owner, submitted=0.0)


def queue_of(*jobs: Job) -> Queue:
    queue: Queue = Queue()
    queue.add(list(jobs))
    return queue


def test_the_article_whose_turn_is_earlier_goes_first():
    late, early = job(5, ticket(turn=2.0), name="late"), job(5, ticket(turn=1.0), name="early")
    assert queue_of(late, early).take(batch_tokens=5, idle=1) == [early]


def test_a_batch_holds_no_more_padded_tokens_than_its_budget():
    owner = ticket()
    queue = queue_of(*[job(10, owner) for _ in range(7)])
    assert [len(queue.take(batch_tokens=30, idle=1)) for _ in range(4)] == [3, 3, 1, 0]


def test_texts_of_nearly_the_same_length_go_together():
    owner = ticket()
    head, near, far = job(10, owner), job(11, owner), job(40, owner)
    assert queue_of(head, far, near).take(batch_tokens=30, idle=1) == [head, near]


def test_texts_for_another_model_wait_for_a_batch_of_their_own():
    owner = ticket()
    first, other = job(5, owner, Kind(model="a")), job(5, owner, Kind(model="b"))
    queue = queue_of(first, other)
    assert queue.take(batch_tokens=100, idle=1) == [first]
    assert queue.take(batch_tokens=100, idle=1) == [other]


def test_a_text_longer_than_the_budget_runs_alone():
    owner = ticket()
    long, short = job(500, owner), job(5, owner)
    assert queue_of(long, short).take(batch_tokens=100, idle=1) == [long]


def test_idle_runners_share_what_waits():
    owner = ticket()
    queue = queue_of(*[job(10, owner) for _ in range(8)])
    assert len(queue.take(batch_tokens=1000, idle=2)) == 4
    assert len(queue.take(batch_tokens=1000, idle=1)) == 4


def test_a_language_stays_whole_while_another_waits_for_the_other_runner():
    owner = ticket()
    queue = queue_of(*[job(10, owner, Kind(model=name)) for name in "aaaabbbb"])
    assert len(queue.take(batch_tokens=1000, idle=2)) == 4
    assert len(queue.take(batch_tokens=1000, idle=2)) == 2


def test_backfill_gets_a_batch_now_and_then_while_people_wait():
    people, archive = ticket(), ticket(lane=Lane.BACKFILL)
    queue = queue_of(*[job(10, people) for _ in range(40)], *[job(10, archive) for _ in range(5)])
    lanes = [queue.take(batch_tokens=10, idle=1)[0].ticket.lane for _ in range(2 * BACKFILL_TURN)]
    assert lanes.count(Lane.BACKFILL) == 2


def test_the_archive_never_joins_peoples_batch_for_they_would_wait_for_it():
    people, archive = ticket(turn=5.0), ticket(turn=1.0, lane=Lane.BACKFILL)
    urgent, other = job(10, people), job(10, archive)
    queue = queue_of(other, urgent)
    assert queue.take(batch_tokens=20, idle=1) == [urgent]
    assert queue.take(batch_tokens=20, idle=1) == [other]


def test_peoples_texts_join_the_archives_batch_first():
    people, archive = ticket(), ticket(lane=Lane.BACKFILL)
    before = BACKFILL_TURN - 1
    people_texts = [job(10, people) for _ in range(before + 2)]
    queue = queue_of(*[job(10, archive) for _ in range(3)], *people_texts)
    for _ in range(before):
        assert queue.take(batch_tokens=10, idle=1)[0].ticket is people
    lanes = [each.ticket.lane for each in queue.take(batch_tokens=40, idle=1)]
    assert lanes == [Lane.BACKFILL, Lane.INTERACTIVE, Lane.INTERACTIVE, Lane.BACKFILL]


def test_the_archives_batch_can_be_held_small():
    archive = ticket(lane=Lane.BACKFILL)
    queue = queue_of(*[job(10, archive) for _ in range(8)])
    assert len(queue.take(batch_tokens=80, idle=1, archive_share=0.25)) == 2
    assert len(queue.take(batch_tokens=80, idle=1)) == 6


def test_an_archive_that_is_told_to_wait_gets_its_turn_all_the_same():
    people, archive = ticket(), ticket(lane=Lane.BACKFILL)
    queue = queue_of(*[job(10, archive) for _ in range(3)])
    assert queue.take(10, 1, archive_waits=True) == []
    for _ in range(BACKFILL_TURN - 1):
        queue.add([job(10, people)])
        assert queue.take(10, 1, archive_waits=True)[0].ticket is people
    assert queue.take(10, 1, archive_waits=True)[0].ticket is archive
    assert queue.take(10, 1, archive_waits=True) == []
    assert queue.take(10, 1)[0].ticket is archive


def test_peoples_texts_are_cut_for_runners_that_are_idle_soon_and_the_archives_are_not():
    people, archive = ticket(), ticket(lane=Lane.BACKFILL)
    queue = queue_of(*[job(10, people) for _ in range(8)])
    assert len(queue.take(1000, 1, soon=2)) == 4
    queue = queue_of(*[job(10, archive) for _ in range(8)])
    assert len(queue.take(1000, 1, soon=2)) == 8


def test_an_abandoned_article_leaves_the_queue():
    gone, stays = ticket(), ticket()
    queue = queue_of(job(5, gone), job(5, stays, name="kept"), job(5, gone))
    assert len(queue.remove(gone)) == 2
    assert [each.source.name for each in queue.take(100, 1)] == ["kept"]
    assert not queue


@given(
    lengths=st.lists(
        st.tuples(st.integers(1, 60), st.sampled_from(Lane), st.sampled_from("ab")), max_size=40
    ),
    budget=st.integers(1, 200),
    idle=st.integers(1, 4),
)
def test_every_text_runs_exactly_once_within_the_budget(lengths, budget, idle):
    tickets = {lane: ticket(lane=lane) for lane in Lane}
    jobs = [job(length, tickets[lane], Kind(model=model)) for length, lane, model in lengths]
    queue, ran = queue_of(*jobs), []
    while batch := queue.take(budget, idle):
        padded = max(each.source.length for each in batch) * len(batch)
        assert padded <= budget or len(batch) == 1
        assert len({each.call for each in batch}) == 1
        ran += batch
    assert sorted(map(id, ran)) == sorted(map(id, jobs))
