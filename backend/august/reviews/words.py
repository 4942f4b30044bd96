"""What simulated buyers write in reviews; message ids, so that both languages read them."""

from collections.abc import Mapping

from august.kernel.words import N_

# By the stars for product quality.
TEXTS: Mapping[int, tuple[str, ...]] = {
    5: (
        N_("Very happy with the quality. Exactly like the pictures, and well packed."),
        N_("Excellent product and easy communication. We will order again."),
        N_("My customers love it. Good finish, right size, everything as agreed."),
        N_("Second order already. Quality stays the same, highly recommended."),
    ),
    4: (
        N_("Good product for the price. Small marks on one piece, otherwise fine."),
        N_("As described. The packaging could be stronger."),
        N_("Satisfied with the order, the colour is a little darker than expected."),
    ),
    3: (
        N_("Average. The product works, but the finish is not what the pictures promise."),
        N_("Acceptable quality, some pieces needed rework on our side."),
    ),
    2: (
        N_("Several pieces were damaged and the material feels cheap."),
        N_("Not what we expected from the description."),
    ),
    1: (N_("Very disappointed: poor quality, we cannot sell these."),),
}
KEYWORDS: Mapping[str, tuple[str, ...]] = {
    "good": (
        N_("good quality"),
        N_("fast delivery"),
        N_("careful packing"),
        N_("good service"),
        N_("fair price"),
        N_("as described"),
    ),
    "bad": (N_("slow delivery"), N_("weak packing"), N_("poor finish"), N_("slow answers")),
}
# What a store writes to a buyer unless it writes something of its own.
INVITATION = N_(
    "Thank you for your order. How do you like the goods? A few words about quality, packing and delivery"
    " help other buyers and us."
)
MOMENTS: Mapping[str, str] = {
    "best": N_("best moment"),
    "good": N_("good moment"),
    "late": N_("past its best"),
}
MOMENT_TONES: Mapping[str, str] = {"best": "good", "good": "middle", "late": ""}
SCORE_WORDS: Mapping[str, str] = {
    "very_satisfied": N_("Very satisfied"),
    "satisfied": N_("Satisfied"),
    "so_so": N_("So-so"),
    "dissatisfied": N_("Dissatisfied"),
}
