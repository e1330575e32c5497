"""What serving costs: workers by processes and cores, brokers, pages under load."""
