"""What the ball says: groups, checks, troubles, hints and the three messages of the release."""

import msgspec

from august.kernel.words import N_


class CheckWords(msgspec.Struct, frozen=True):
    """The name of a check and what is said when it fails."""

    name: str
    trouble: str


GROUPS = {
    "category": N_("Product category"),
    "basic": N_("Basic information"),
    "detail": N_("Product detail"),
    "trade": N_("Trade information"),
    "logistics": N_("Logistics information"),
    "services": N_("General services and abilities"),
}

# Check -> group; the order is the order of the ball and of the columns of `scores`.
CHECKS = {
    "category": "category",
    "attributes": "basic",
    "keywords": "basic",
    "product_detail": "detail",
    "price": "trade",
    "tier_price": "trade",
    "freight_core_ten": "logistics",
    "delivery_by_core_ten": "logistics",
    "package": "logistics",
    "customization_service": "services",
    "sample_service": "services",
}

TROUBLES = {
    "category": CheckWords(N_("Leaf category"), N_("The product is not in a right leaf category")),
    "attributes": CheckWords(
        N_("Product attributes"), N_("Product attributes are incomplete, repeated or stuffed")
    ),
    "keywords": CheckWords(N_("Title and keywords"), N_("The title or the keywords are not sane")),
    "product_detail": CheckWords(N_("Product description"), N_("The product description is of poor quality")),
    "price": CheckWords(N_("Price, MOQ and SKU"), N_("The product price is not reasonable")),
    "tier_price": CheckWords(
        N_("Tier or SKU price"), N_("The FOB price range is not replaced by tier or SKU prices")
    ),
    "freight_core_ten": CheckWords(
        N_("Freight to the core ten"), N_("Freight cannot be computed to {countries}")
    ),
    "delivery_by_core_ten": CheckWords(
        N_("Delivery-by to the core ten"), N_("No delivery-by line to {countries}")
    ),
    "package": CheckWords(N_("Package size and weight"), N_("Package size or weight is missing")),
    "customization_service": CheckWords(
        N_("Customization service"), N_("Customization service is not configured")
    ),
    "sample_service": CheckWords(N_("Sample service"), N_("Sample service is not configured")),
}

REMEDIES = {
    "category": N_("Choose the leaf category that the product belongs to."),
    "attributes": N_("Fill in every required attribute, each value once where it belongs."),
    "keywords": N_("Write a clear title and different keywords without repetition."),
    "product_detail": N_("Write a structured description with headings and different pictures."),
    "price": N_("Set true prices: larger quantities cheaper, the first tier at the MOQ."),
    "tier_price": N_("Replace the FOB price range by tier prices."),
    "freight_core_ten": N_("Configure freight to the ten core countries."),
    "delivery_by_core_ten": N_("Configure delivery-by to the core countries."),
    "package": N_("Fill in package size and weight."),
    "customization_service": N_("Configure the customization service."),
    "sample_service": N_("Configure the sample service."),
}

MESSAGES = {
    "green": N_(
        "The product information is excellent and a certain product expression, good for search ranking"
        " and the buyer's experience. Keep it so!"
    ),
    "amber": N_(
        "The expression of the product is not certain enough: it is a non-certain product, which affects"
        " search ranking and the buyer's experience. Please improve it soon!"
    ),
    "red": N_(
        "The product information is poor: it is a non-certain product, which seriously affects search"
        " ranking and the buyer's experience. Please improve it soon!"
    ),
    # Q1: outside mainland China there is no certain expression to speak of.
    "old_green": N_("The product information is excellent. Keep it so!"),
    "old_amber": N_("The product information is insufficient, which affects search ranking."),
    "old_red": N_("The product information is poor, which seriously affects search ranking."),
}
