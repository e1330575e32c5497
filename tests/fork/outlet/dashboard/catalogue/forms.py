from oscar.apps.dashboard.catalogue import forms


class ProductForm(forms.ProductForm):
    class Meta(forms.ProductForm.Meta):
        fields = [*forms.ProductForm.Meta.fields, "season"]
