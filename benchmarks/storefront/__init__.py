"""The product page against Oscar's stock one: what a shopper waits for and downloads."""
