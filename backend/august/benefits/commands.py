"""Benefits are issued at a publication, claimed by hand, used one by one (S7)."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from august.benefits import queries
from august.benefits.models import Grant
from august.benefits.payloads import ActivateTrial, Claim
from august.benefits.rules import Benefit, days_on, judge, spell, times_of
from august.kernel.columns import to_epoch
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.tables import by_id
from august.kernel.words import N_
from august.showcase.commands import grant as give_slots

TRIAL = "data_advisor"
SLOTS = "showcase_slots"


def issue(ctx: Context, merchant: int, star: int, month: str, until: datetime) -> list[Grant]:
    """Give a store what its evaluated star of a PT month brings until the next publication `until` (S7).

    Standing benefits of the publication before end here. A month is issued once: again it gives nothing.
    """
    known = select(Grant.id).where(Grant.merchant_id == merchant, Grant.month == month).limit(1)
    if ctx.session.scalar(known) is not None:
        return []
    times = times_of(month, queries.windows(ctx))
    facts = queries.facts_of(ctx, merchant, star, month)
    rules = queries.scores(ctx)
    found = []
    for benefit in queries.catalogue(ctx).values():
        decision = judge(benefit, facts, rules)
        if not decision.granted:
            continue
        start, end = spell(benefit, times)
        # What lasts until the next publication does so by the caller's word.
        end = until if end == times.following else end
        state = "active" if benefit.how == "automatic" else "issued"
        # A world's past may be told after the fact: what had ended by then is only a record.
        over = end <= ctx.now
        found.append(
            Grant(
                merchant_id=merchant,
                code=benefit.code,
                month=month,
                star=star,
                quantity=decision.quantity,
                used=0,
                state="expired" if over else state,
                issued_at=times.published,
                claimed_at=None,
                valid_from=start,
                valid_until=end,
                ended_at=end if over else None,
            )
        )
    ctx.session.add_all(found)
    return found


def revoke(ctx: Context, merchant: int, month: str, kept: set[str]) -> list[Grant]:
    """End the standing benefits of earlier publications: renewed ones expire, others are taken back."""
    standing = {code for code, each in queries.catalogue(ctx).items() if each.kind == "standing"}
    asked = (
        select(Grant)
        .where(
            Grant.merchant_id == merchant,
            Grant.month < month,
            Grant.state == "active",
            Grant.code.in_(standing),
        )
        .order_by(Grant.id)
    )
    lost = []
    for grant in ctx.session.scalars(asked):
        grant.valid_until = min(grant.valid_until, ctx.now)
        grant.ended_at = ctx.now
        grant.state = "expired" if grant.code in kept else "revoked"
        if grant.state == "revoked":
            lost.append(grant)
    return lost


@command("benefits.claim", title=N_("Claim a benefit"))
def claim(ctx: Context, cmd: Claim) -> dict[str, Any]:
    """Take an issued benefit while its time runs and, where the platform has a stock, while it lasts."""
    grant = by_id(ctx.session, Grant, cmd.grant)
    if grant is None or grant.merchant_id != ctx.merchant:
        raise Refusal(
            "benefit.unknown",
            N_("There is no benefit {id} of this store."),
            params={"id": cmd.grant},
            status=404,
        )
    benefit = queries.catalogue(ctx)[grant.code]
    if benefit.how != "claim":
        raise _not_this_way(benefit)
    _check_open(ctx, grant, benefit)
    _check_stock(ctx, grant, benefit)
    grant.claimed_at = ctx.now
    if grant.code == SLOTS:
        _hand_over_slots(ctx, grant, benefit)
    else:
        grant.state = "claimed"
    _tell(ctx, "benefits.claimed", grant)
    return {"grant": grant.id, "code": grant.code, "quantity": grant.quantity}


@command("benefits.activate_trial", title=N_("Begin the trial of Data Advisor"))
def activate_trial(ctx: Context, _cmd: ActivateTrial) -> dict[str, Any]:
    """Begin the 30 days; the day of the activation comes on top of them (S7-campaign)."""
    benefit = queries.catalogue(ctx)[TRIAL]
    asked = select(Grant).where(Grant.merchant_id == ctx.merchant, Grant.code == TRIAL)
    grant = ctx.session.scalars(asked.order_by(Grant.month.desc()).limit(1)).one_or_none()
    if grant is None:
        raise Refusal(
            "benefit.none",
            N_("No trial of Data Advisor was issued to this store."),
            rules=("S7", "S7-campaign"),
            remedy=N_("Gold Supplier members get it when their evaluated star rises."),
            status=409,
        )
    _check_open(ctx, grant, benefit)
    _begin(ctx, grant, benefit)
    grant.claimed_at = ctx.now
    _tell(ctx, "benefits.activated", grant)
    return {"grant": grant.id, "until": grant.valid_until.isoformat()}


def use(ctx: Context, code: str, count: int) -> Grant:
    """Use some of what the acting store has claimed, for the rooms that know what it is good for."""
    if count < 1:
        raise ValueError(count)
    benefit = queries.catalogue(ctx)[code]
    grant = queries.holding(ctx, code)
    if grant is None or grant.quantity is None:
        raise Refusal(
            "benefit.not_held",
            N_("{name}: there is none to use now."),
            params={"name": benefit.title},
            rules=("S7",),
            remedy=N_("Look in the benefits center whether one waits to be claimed."),
            status=409,
        )
    left = grant.quantity - grant.used
    if count > left:
        raise Refusal(
            "benefit.too_few",
            N_("{name}: {count} are wanted, {left} are left."),
            params={"name": benefit.title, "count": count, "left": left},
            rules=("S7",),
            remedy=N_("Use no more than are left this month."),
            status=409,
        )
    grant.used += count
    if grant.used == grant.quantity:
        grant.state, grant.ended_at = "used_up", ctx.now
    ctx.emit("benefits.used", ("benefit", grant.id), code=code, count=count)
    return grant


def _not_this_way(benefit: Benefit) -> Refusal:
    remedy = N_("Begin it under Analytics, Data Advisor.") if benefit.how == "activate" else None
    return Refusal(
        "benefit.not_claimed",
        N_("{name} is not claimed by hand."),
        params={"name": benefit.title},
        rules=("S7",),
        remedy=remedy,
        status=409,
    )


def _check_open(ctx: Context, grant: Grant, benefit: Benefit) -> None:
    """Refuse what was claimed already, and what its time is over for."""
    rule = {"monthly": "S7-rfq", "campaign": "S7-campaign"}.get(benefit.kind, "S7-windows")
    if grant.claimed_at is not None:
        raise Refusal(
            "benefit.claimed",
            N_("{name} was claimed at {at}."),
            params={"name": benefit.title, "at": grant.claimed_at},
            rules=(rule,),
            remedy=N_("It is claimed once for each publication."),
            status=409,
        )
    if grant.state != "issued" or not grant.valid_from <= ctx.now < grant.valid_until:
        raise Refusal(
            "benefit.over",
            N_("{name} could be claimed until {at}, which is over."),
            params={"name": benefit.title, "at": grant.last},
            rules=(rule,),
            remedy=N_("Wait for the next publication on the 5th, and claim soon after it."),
            status=409,
        )


def _check_stock(ctx: Context, grant: Grant, benefit: Benefit) -> None:
    """While stock lasts (S7-rfq): the whole share or nothing."""
    if grant.code not in queries.stocks(ctx).stock:
        return
    share = grant.quantity or 0
    pile = queries.piles(ctx, grant.month, {grant.code: share})[grant.code]
    if pile.left < share:
        raise Refusal(
            "benefit.sold_out",
            N_("{name}: your share is {share}, and {left} of this month's {stock} are left."),
            params={"name": benefit.title, "share": share, "left": pile.left, "stock": pile.stock},
            rules=("S7-rfq", "S7-stock"),
            remedy=N_("Wait for the next publication on the 5th, and claim soon after it."),
            status=409,
        )


def _begin(ctx: Context, grant: Grant, benefit: Benefit) -> None:
    """From now on for as many days as the benefit lasts."""
    grant.state = "active"
    grant.valid_from, grant.valid_until = ctx.now, days_on(ctx.now, benefit.days or 0)


def _hand_over_slots(ctx: Context, grant: Grant, benefit: Benefit) -> None:
    """Let the claimed slots be the showcase's; the grant itself keeps how many and until when."""
    give_slots(ctx, grant.merchant_id, grant.quantity or 0, benefit.days or 0, "benefit")
    _begin(ctx, grant, benefit)


def _tell(ctx: Context, kind: str, grant: Grant) -> None:
    until = to_epoch(grant.valid_until)
    ctx.emit(kind, ("benefit", grant.id), code=grant.code, quantity=grant.quantity, until=until)
