"""Which autoscaling settings serve a publishing day best: measured curve, simulated cluster."""
