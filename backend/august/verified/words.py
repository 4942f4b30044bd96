"""What proofs, what they state, and their states are called."""

from collections.abc import Mapping

from august.kernel.words import N_

KIND_TEXTS: Mapping[str, str] = {
    "export": N_("What the company exports in a year, by customs records or an audit."),
    "trademark": N_("Intellectual property of the company, or a certificate of the list."),
    "fortune500": N_("A company of the Fortune 500 buys from you, by contract and invoice."),
    "aeo": N_("The customs certify the company as an Authorised Economic Operator."),
    "oem": N_("A big brand has its goods made by you, by its authorisation."),
    "overseas_after_sales": N_("Technicians in the buyer's country install and repair."),
    "models_3d": N_("Buyers and their designers see products as 3D models."),
    "software_copyright": N_("The software inside the products is registered as your own."),
    "overseas_stock": N_("Goods lie in a warehouse abroad and leave from there."),
    "engineering": N_("You plan and carry out whole projects; verified, your cases count."),
}
CLASS_WORDS: Mapping[str, str] = {
    "export": N_("Export strength"),
    "professional": N_("Professional strength"),
    "service": N_("Industry service capability"),
}
STATE_WORDS: Mapping[str, str] = {
    "none": N_("not applied for"),
    "submitted": N_("in review"),
    "verified": N_("verified"),
    "rejected": N_("rejected"),
    "withdrawn": N_("withdrawn"),
}
STATE_TONES: Mapping[str, str] = {"submitted": "middle", "verified": "good", "rejected": "bad"}
# Names of rule S3-review: what is asked, and the options of choices.
ASK_WORDS: Mapping[str, str] = {
    "yearly_export_usd": N_("Yearly export"),
    "year": N_("Year"),
    "sort": N_("What it is"),
    "number": N_("Registration number"),
    "holder": N_("Holder"),
    "valid_until": N_("Valid until"),
    "partner": N_("Partner"),
    "brand": N_("Brand"),
    "goods": N_("What is made or sold"),
    "level": N_("Certification level"),
    "country": N_("Country"),
    "technicians": N_("Technicians"),
    "response_hours": N_("Hours until somebody answers"),
    "models": N_("Number of 3D models"),
    "area_m2": N_("Warehouse area in m²"),
    "products": N_("Products in stock there"),
    "statement": N_("Capability statement"),
    "engineers": N_("Engineers and designers"),
    "years_active": N_("Years of project work"),
    "trademark": N_("Trademark"),
    "patent": N_("Patent"),
    "iso9001": N_("ISO 9001"),
    "iso14001": N_("ISO 14001"),
    "bsci": N_("BSCI audit"),
    "other_certificate": N_("another certificate"),
    "advanced": N_("Advanced certified enterprise"),
    "registered": N_("Registered enterprise"),
    "documents": N_("Documents"),
}
EVENTS: Mapping[str, str] = {
    "verified.applied": N_("Applied for verification"),
    "verified.withdrawn": N_("Application withdrawn"),
    "verified.verified": N_("Review passed: verified"),
    "verified.rejected": N_("Review failed: rejected"),
}
