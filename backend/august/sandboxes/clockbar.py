"""What the clock bar shows of the sandbox's last jump."""

from dataclasses import dataclass
from datetime import datetime

from august.sandboxes.jumps import Jumps
from august.sandboxes.models import Sandbox
from august.sandboxes.play import SPEEDS, of


@dataclass(frozen=True)
class Bar:
    """State idle, running, interrupted or failed; the rest belongs to the jump."""

    state: str = "idle"
    jump_id: int = 0
    percent: int = 0
    now: datetime | None = None
    target: datetime | None = None
    jobs_done: int = 0
    jobs_total: int = 0
    stopping: bool = False
    # Real seconds a simulated day takes while the clock runs by itself, 0 while it stands.
    playing: int = 0
    speeds: tuple[int, ...] = SPEEDS

    @property
    def moving(self) -> bool:
        """Whether the clock moves just now."""
        return self.state == "running"


def bar(jumps: Jumps, sandbox: Sandbox) -> Bar:
    """The bar of a sandbox; a jump that ended well leaves nothing to show."""
    last = jumps.latest(sandbox)
    state = "idle" if last is None else jumps.state(sandbox, last)
    if last is None or state not in {"running", "interrupted", "failed"}:
        running = of(jumps.desk, sandbox)
        return Bar() if running is None else Bar("playing", playing=running.seconds_per_day)
    return Bar(
        state=state,
        jump_id=last.id,
        percent=last.percent,
        now=last.now,
        target=last.target,
        jobs_done=last.jobs_done,
        jobs_total=last.jobs_total,
        stopping=last.stop_requested,
    )
