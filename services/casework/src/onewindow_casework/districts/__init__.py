"""The district: its areas, its departments and its working calendar, of which this service is the owner."""
