"""The one class this fork replaces."""

from oscar_gan.gan_dashboard import views


class GenerateView(views.GenerateView):
    """Ours, but of the shop."""
