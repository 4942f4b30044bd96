"""Fields and columns have names that people read, in both languages."""

from august.catalog.importing import HEADER
from august.catalog.labels import columns, field_label
from august.web.i18n import say, speaking


def test_every_column_is_explained() -> None:
    told = columns()
    assert tuple(told) == HEADER
    with speaking("zh_CN"):
        assert say(told["tier2_price_usd"]) == "第 2 阶梯：价格，US$"
        assert say(told["status"]) == "状态，导入时不读取"


def test_a_field_of_a_row_is_named_with_its_row() -> None:
    with speaking("zh_CN"):
        assert say(field_label("moq")) == "最小起订量"
        assert say(field_label("tiers-1-price_usd")) == "阶梯价（第 2 行）"
        assert say(field_label("sample-max")) == "样品服务"
    with speaking("en"):
        assert say(field_label("skus-0-code")) == "Variants (SKU), row 1"
        assert say(field_label("unheard_of")) == "unheard_of"
