"""The simulated fleet, article by article in plain Python: what the fast one must come to."""

from __future__ import annotations

import numpy as np

from loadtests.autoscaling.fleet import Archive, Cluster, Outcome, Targets, current_desire
from loadtests.autoscaling.hpa import SYNC_SECONDS, Autoscaler, Behaviour
from loadtests.autoscaling.pod import Service, Times


class PlainPod:
    """Articles are [when it arrived, how much of it is done], in order of arrival."""

    def __init__(self, service: Service, created: float, ready: float) -> None:
        self.service, self.created, self.ready = service, created, ready
        self.now = created
        self.articles: list[list[float]] = []
        self.answered: list[tuple[float, float]] = []
        self.refused = 0
        self.stopping = False
        self.gone: float | None = None
        self.worked = self.worked_before = self.busy = self.archived = 0.0
        self.backlog_seen: float | None = None
        self.busy_share_seen: float | None = None

    def advance(self, to: float) -> None:
        while self.articles:
            in_work = self.articles[: self.service.together]
            speed = float(self.service.rate(len(self.articles))) / len(in_work)
            left = min(1 - done for _, done in in_work) / speed
            step = min(left, to - self.now)
            for article in in_work:
                article[1] += speed * step
            self.worked += step * float(self.service.rate(len(self.articles)))
            self.busy += step
            self.now += step
            if step < left:
                break
            arrived, _ = self.articles.pop(0)
            self.answered.append((arrived, self.now - arrived))
        self.now = to
        if self.stopping and not self.articles and self.gone is None:
            self.gone = to

    def price(self) -> float:
        factor = self.service.backlog_factor
        return sum(factor - min(1, factor) * done for _, done in self.articles)

    def offer(self, at: float) -> None:
        self.advance(at)
        service, count = self.service, len(self.articles)
        before = self.price() / float(service.rate(count))
        with_it = (self.price() + service.backlog_factor) / float(service.rate(count + 1))
        if before > service.queue_seconds or with_it > service.request_seconds:
            self.refused += 1
        else:
            self.articles.append([at, 0.0])

    def scrape(self, at: float) -> None:
        if at >= self.ready:
            self.backlog_seen = self.price() / float(self.service.rate(len(self.articles)))
            archive = self.archived / float(self.service.rate(self.archived))
            self.backlog_seen += self.service.backlog_factor * archive
            worked = self.worked - self.worked_before
            self.busy_share_seen = worked / self.service.best / SYNC_SECONDS
            self.worked_before = self.worked


def plain_replay(
    times: Times,
    service: Service,
    cluster: Cluster,
    targets: Targets,
    behaviour: Behaviour,
    *,
    archive: Archive,
    seed: int,
) -> Outcome:
    """As `fleet.replay`."""
    picks = np.random.default_rng(seed).random(len(times))
    autoscaler = Autoscaler(behaviour)
    pods = [PlainPod(service, 0.0, 0.0) for _ in range(behaviour.least)]
    every, history = [*pods], [(0.0, behaviour.least)]
    room = [0.0] * max(cluster.always, behaviour.least + cluster.spare)
    tick, coming = 0.0, [*zip(times, picks, strict=True)]
    left, archived = archive.articles, None
    while coming or left or any(pod.articles for pod in every):
        idle_since = {pod: tick - pod.busy for pod in pods if pod.ready <= tick}
        begun = archive.begins <= tick
        tick += SYNC_SECONDS
        while coming and coming[0][0] < tick:
            at, pick = coming.pop(0)
            serving = [pod for pod in pods if pod.ready <= at]
            serving[int(pick * len(serving))].offer(float(at))
        for pod in every:
            if pod.gone is None:
                pod.advance(tick)
        if begun and left:
            each = archive.at_once / len(idle_since)
            for pod, since in idle_since.items():
                done = min(left, (tick - pod.busy - since) * float(service.rate(each)))
                pod.worked += done
                pod.archived = each
                left -= done
            if not left:
                archived = tick
                for pod in idle_since:
                    pod.archived = 0.0
        desired = current_desire(pods, len(pods), targets)
        for pod in pods:
            pod.scrape(tick)
        replicas = autoscaler.decide(tick, len(pods), desired)
        if replicas == len(pods):
            continue
        history.append((tick, replicas))
        there = max(cluster.always, replicas + cluster.spare)
        room = [*room[:there], *[tick + cluster.new_node] * (there - len(room))]
        for place in range(len(pods), replicas):
            ready = max(tick, room[place]) + cluster.schedule + service.start_up
            pods.append(PlainPod(service, tick, ready))
            every.append(pods[-1])
        pods.sort(key=lambda pod: (pod.ready > tick, pod.created))
        for pod in pods[replicas:]:
            pod.stopping = True
            pod.advance(tick)
        pods = pods[:replicas]
    answered = [each for pod in every for each in pod.answered]
    paid = sum((pod.gone or tick) - pod.created for pod in every) + cluster.spare * tick
    return Outcome(
        np.array([arrived for arrived, _ in answered]),
        np.array([wait for _, wait in answered]),
        sum(pod.refused for pod in every),
        paid / 3600,
        history,
        archived,
    )
