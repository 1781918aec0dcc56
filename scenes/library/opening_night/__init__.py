"""The example show: 20,000 card-holders and 12,000 gymnasts."""
