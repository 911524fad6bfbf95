class ParcelTest {}
