"""What is in a buyer's mind: whether a purchase is meant, and the most a piece may cost."""

from august.kernel.plain import Row
from august.market.demand import along
from august.market.tick import HOUR, Tick
from august.trade.quotes import asked_price, unit_price


def means_to_buy(tick: Tick, row: Row) -> bool:
    """Whether the asker of an answered inquiry has a purchase in mind: slow answers make it less likely."""
    numbers = tick.demand.deals
    waited = (row["first_reply_at"] - row["at"]) / HOUR
    return tick.share("deal.intent", row) < numbers.intent * along(numbers.reply, waited)


def list_price(tick: Tick, row: Row) -> int:
    """What a piece costs at the asked quantity by the product's own prices, in the festival by that."""
    product = tick.product(row["product_id"])
    listed = unit_price(product["tiers"], product["price_cents"], row["quantity"])
    return asked_price(listed, tick.campaign(product["id"], row["buyer_id"]))


def highest(tick: Tick, row: Row) -> int:
    """The most a buyer pays for a piece: near the list price, less for those who watch prices."""
    numbers = tick.demand.deals
    _, _, thrift = tick.buyer(row["buyer_id"])
    share = numbers.top - numbers.span * thrift * tick.share("deal.limit", row)
    return max(1, int(list_price(tick, row) * share))
