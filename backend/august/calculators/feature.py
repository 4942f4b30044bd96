"""The calculators' entry in the list of features."""

from august.calculators.api import CalculatorsApi
from august.kernel.features import Feature

FEATURE = Feature(name="calculators", controllers=(CalculatorsApi,))
