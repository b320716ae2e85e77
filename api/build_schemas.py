"""The wire format of builds: what may be asked for, and how one goes."""

from __future__ import annotations

from pydantic import BaseModel, Field, StrictBool

from api.build_process import Progress
from api.schemas import Strict
from index import Job, JobReason, JobState


class BuildIn(Strict):
    """What to build."""

    full: StrictBool = Field(False, description="Embed every text anew, changed or not.")


class BuildOut(BaseModel):
    """A build that was asked for; what is not known yet, or never will be, is null."""

    id: int
    state: JobState = Field(
        description="Of the seven the first two are not the last. A build is interrupted when its "
        "server ended before it, and refused when what it built is worse than what serves."
    )
    reason: JobReason = Field(description="Whether it was asked for, or follows writes.")
    full: bool
    created: str = Field(description="UTC, ISO 8601.", examples=["2025-04-28T09:30:00.000+00:00"])
    started: str | None
    ended: str | None
    stage: str | None = Field(description="While this server builds: what it does.")
    done: int | None = Field(description="Of `total`, in that stage.")
    total: int | None
    generation: int | None = Field(description="The index that went live.")
    embedded: int | None = Field(description="Texts that were embedded.")
    reused: int | None = Field(description="Texts that kept their vectors.")
    removed: int | None = Field(description="Passages of the index before it that are gone.")
    seconds: dict[str, float] | None = Field(description="The time of each stage.")
    error: str | None = Field(description="Why it did not succeed.")

    @classmethod
    def of(cls, job: Job, progress: Progress | None = None) -> BuildOut:
        """The wire form of a job."""
        report = job.report or {}
        return cls(
            id=job.id,
            state=job.state,
            reason=job.reason,
            full=job.full,
            created=job.created,
            started=job.started,
            ended=job.ended,
            stage=progress and progress.stage,
            done=progress and progress.done,
            total=progress and progress.total,
            generation=job.generation,
            embedded=report.get("embedded"),
            reused=report.get("reused"),
            removed=report.get("removed"),
            seconds=report.get("seconds"),
            error=job.error,
        )


class BuildPage(BaseModel):
    """Some of the builds, the newest first."""

    total: int
    offset: int
    limit: int
    builds: list[BuildOut]
