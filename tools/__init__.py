"""What the Makefile runs beside the product: provisioning, house linters, specification."""
