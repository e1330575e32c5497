"""What the plugin does, one verb per function: transactions and storage live here."""
