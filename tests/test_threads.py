from pathlib import Path

import pytest

from newsbrief.threads import usable_cpus


def system(root: Path, group: str, **files: str) -> Path:
    """A root with `proc/self/cgroup` and files under `sys/fs/cgroup`; `__` stands for a slash."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(group)
    for name, content in files.items():
        file = root / "sys/fs/cgroup" / name.replace("__", "/").replace("_max", ".max")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return root


def v1(root: Path, group: str, mount: str, quota: str, period: str = "100000\n") -> Path:
    folder = root / "sys/fs/cgroup" / mount
    folder.mkdir(parents=True)
    (folder / "cpu.cfs_quota_us").write_text(quota)
    (folder / "cpu.cfs_period_us").write_text(period)
    return system(root, group)


@pytest.mark.parametrize(
    ("quota", "cpus"),
    [
        ("200000 100000", 2),
        ("250000 100000", 2),
        ("399999 100000", 3),
        ("50000 100000", 1),
        ("100000 50000", 2),
        ("max 100000", 16),
        ("3200000 100000", 16),
    ],
)
def test_a_quota_is_rounded_down_to_one_at_least_and_sixteen_at_most(tmp_path, quota, cpus):
    root = system(tmp_path, "0::/\n", cpu_max=f"{quota}\n")
    assert usable_cpus(root, affinity=16) == cpus


def test_a_group_further_up_may_have_the_smaller_quota(tmp_path):
    root = system(
        tmp_path,
        "0::/pod/container\n",
        pod__container__cpu_max="max 100000\n",
        pod__cpu_max="300000 100000\n",
    )
    assert usable_cpus(root, affinity=16) == 3


def test_a_path_of_the_host_that_is_not_in_the_container_is_passed_over(tmp_path):
    root = system(tmp_path, "0::/kubepods/pod12/34\n", cpu_max="200000 100000\n")
    assert usable_cpus(root, affinity=16) == 2


@pytest.mark.parametrize("mount", ["cpu,cpuacct", "cpu"])
def test_version_1_of_control_groups_is_understood(tmp_path, mount):
    group = "5:memory:/docker/ab\n4:cpu,cpuacct:/docker/ab\n"
    root = v1(tmp_path, group, mount, "350000\n")
    assert usable_cpus(root, affinity=16) == 3


def test_version_1_without_a_quota_says_minus_one(tmp_path):
    assert usable_cpus(v1(tmp_path, "4:cpu:/\n", "cpu", "-1\n"), affinity=5) == 5


def test_affinity_counts_where_it_is_less_than_the_quota(tmp_path):
    root = system(tmp_path, "0::/\n", cpu_max="800000 100000\n")
    assert usable_cpus(root, affinity=3) == 3


@pytest.mark.parametrize("content", ["", "nonsense", "1 2 3", "max"])
def test_a_quota_that_cannot_be_read_is_none(tmp_path, content):
    assert usable_cpus(system(tmp_path, "0::/\n", cpu_max=content), affinity=4) == 4


def test_without_control_groups_affinity_decides(tmp_path):
    assert usable_cpus(tmp_path, affinity=7) == 7


def test_this_machine_has_at_least_one():
    assert usable_cpus() >= 1
