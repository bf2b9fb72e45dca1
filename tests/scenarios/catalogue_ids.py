"""Ids of the catalogue of the five plans that no table of this folder holds: its scenario sets, and the plans' places."""

SETS = (
    "premium_subsidy_exit", "public_job_exit", "monitoring_design", "medical_normalisation", "social_protection_design",
    "credit_and_price_risk", "labour_market_shock", "fiscal_envelope_mix", "hazard_and_relocation", "transition_exit_package",
)  # fmt: skip

PLACES = ("shanwei", "fuhuan", "longyan", "heilongjiang", "nanyang")

BACKGROUND = (
    "employee_medical_insurance",
    "register_of_the_margin",
    "register_of_low_income",
    "care_burden.finding",
    "care_burden.leaving",
)
"""Entries of no lever of the catalogue: schemes that no plan names. An id that stands neither here nor there is misspelt."""
