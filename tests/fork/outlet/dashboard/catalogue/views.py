from oscar.apps.dashboard.catalogue import views


class ProductCreateUpdateView(views.ProductCreateUpdateView):
    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "buyer": "Outlet buyer"}
