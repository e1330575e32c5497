"""Pages around the daily work: tables of colours, cloth, bulk runs, notifications, the log."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from oscar_gan.models import (
    AuditEvent,
    BackfillRun,
    Colourway,
    NotificationPreference,
    Palette,
    Quota,
)
from oscar_gan.services import audit, backfill
from oscar_gan.services.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db
IMPORT = "/dashboard/variants/colourways/import/"
CLOTH = "/dashboard/variants/colourways/cloth/"


def table(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("brand.csv", text.encode(), "text/csv")


class TestPalettes:
    def test_partner_staff_see_the_shops_and_change_their_own(
        self, login, partner, partner_user, colourways
    ):
        own = Colourway.objects.create(name="Kelp", colour="#203020", partner=partner)
        client = login(partner_user)
        html = client.get(reverse("oscar_gan:gan-colourway-list")).content.decode()
        navy = Colourway.objects.get(name="Navy")
        assert "Kelp" in html
        assert "Navy" in html
        assert reverse("oscar_gan:gan-colourway-update", args=[own.pk]) in html
        foreign = reverse("oscar_gan:gan-colourway-update", args=[navy.pk])
        assert foreign not in html
        assert client.get(foreign).status_code == 404

    def test_partner_staff_make_colours_of_their_partner_alone(self, login, partner, partner_user):
        client, url = login(partner_user), reverse("oscar_gan:gan-colourway-create")
        data = {"name": "Kelp", "colour": "#203020", "tolerance": "2"}
        other = factories.make_partner()
        for owner in ("", other.pk):
            errors = client.post(url, {**data, "partner": owner}).context["form"].errors
            assert "partner" in errors
        client.post(url, {**data, "partner": partner.pk})
        assert Colourway.objects.get().partner == partner

    def test_a_palette_of_a_partner_holds_no_foreign_colours(self, browser, partner, colourways):
        other = factories.make_partner()
        foreign = Colourway.objects.create(name="Kelp", colour="#203020", partner=other)
        url = reverse("oscar_gan:gan-palette-create")
        data = {"name": "Sea", "partner": partner.pk, "colourways": [foreign.pk]}
        assert "colourways" in browser.post(url, data).context["form"].errors
        browser.post(url, {**data, "colourways": [colourways[0].pk]})
        assert Palette.objects.get().colourways.get() == colourways[0]

    def test_the_palette_of_the_address_is_ticked(self, browser, product, colourways):
        palette = Palette.objects.create(name="Sea")
        palette.colourways.add(Colourway.objects.get(name="Mustard"))
        url = reverse("oscar_gan:gan-product-generate", args=[product.pk])

        def ticked(**query):
            form = browser.get(url, query).context["form"]
            return [row.choice.label for row in form.option_rows if row.checked]

        everything = ["Navy", "Forest green", "Mustard"]
        assert ticked() == everything  # a palette for everything is only offered
        assert ticked(palette=palette.pk) == ["Mustard"]
        palette.partner = product.stockrecords.get().partner
        palette.save()
        assert ticked() == ["Mustard"]
        assert ticked(palette="0") == everything


class TestTables:
    TEXT = "name,hex,palette\nNavy,#101830,Sea\nKelp,#203020,Sea\n"

    def test_looked_at_then_imported(self, browser, colourways):
        page = browser.post(IMPORT, {"table": table(self.TEXT), "partner": ""})
        assert page.context["preview"].count("new") == 1
        assert not Palette.objects.exists()
        text = page.context["text"]
        browser.post(IMPORT, {"text": text, "partner": "", "import": "1"})
        assert Colourway.objects.get(name="Navy").colour == "#101830"

    def test_what_changed_meanwhile_is_looked_at_again(self, browser):
        bad = "name,hex\nNavy,blueish\n"
        page = browser.post(IMPORT, {"text": bad, "partner": "", "import": "1"})
        assert "line 2" in str(page.context["form"].errors["table"])
        assert not Colourway.objects.exists()

    def test_no_file_at_all(self, browser):
        assert "table" in browser.post(IMPORT, {"partner": ""}).context["form"].errors

    def test_partner_staff_import_for_nobody_else(self, login, partner_user):
        data = {"text": self.TEXT, "partner": factories.make_partner().pk, "import": "1"}
        assert login(partner_user).post(IMPORT, data).context["form"].errors
        assert not Colourway.objects.exists()

    def test_the_export_holds_what_one_may_change(self, login, partner, partner_user, colourways):
        Colourway.objects.create(name="=Kelp", colour="#203020", partner=partner)
        response = login(partner_user).get(reverse("oscar_gan:gan-colourway-export"))
        text = response.getvalue().decode("utf-8-sig")
        assert text.splitlines()[1].startswith("'=Kelp,#203020")
        assert "Navy" not in text


class TestCloth:
    PLACES = {
        **{"card_x": 25, "card_y": 50, "card_size": 10, "kind": "grey"},
        **{"cloth_x": 75, "cloth_y": 50, "cloth_size": 20},
    }

    @pytest.fixture
    def photo(self):
        picture = Image.new("RGB", (200, 100), "#24345C")
        picture.paste("#767676", (0, 0, 100, 100))
        file = io.BytesIO()
        picture.save(file, "PNG")
        return lambda: SimpleUploadedFile("cloth.png", file.getvalue(), "image/png")

    def test_saving_needs_no_script(self, browser, photo):
        data = {**self.PLACES, "photo": photo(), "name": "Indigo", "partner": "", "save": "1"}
        browser.post(CLOTH, data)
        saved = Colourway.objects.get()
        assert saved.lab[0] == pytest.approx(22, abs=1.5)
        assert AuditEvent.objects.get().action == "colourway-saved"

    def test_a_name_that_is_taken_is_refused_beside_it(self, browser, photo, colourways):
        data = {**self.PLACES, "photo": photo(), "name": "Navy", "partner": "", "save": "1"}
        page = browser.post(CLOTH, data)
        assert "name" in page.context["naming"].errors
        assert page.context["cloth"]["hex"]

    def test_scripts_get_json_and_reasons(self, browser, photo):
        accept = {"HTTP_ACCEPT": "application/json"}
        good = browser.post(CLOTH, {**self.PLACES, "photo": photo()}, **accept)
        assert good.json()["lab"].startswith("L* ")
        wrong = {**self.PLACES, "photo": photo(), "card_x": 75, "kind": "white"}
        answer = browser.post(CLOTH, wrong, **accept)
        assert answer.status_code == 409
        assert "not grey" in answer.json()["message"]
        text = SimpleUploadedFile("cloth.png", b"no picture", "image/png")
        answer = browser.post(CLOTH, {**self.PLACES, "photo": text}, **accept)
        assert answer.status_code == 409

    def test_nothing_of_the_photo_is_kept(self, browser, photo, tmp_path):
        browser.post(CLOTH, {**self.PLACES, "photo": photo()})
        assert not list((tmp_path / "media").rglob("*.png"))


class TestRuns:
    @pytest.fixture
    def begun(self, staff, product, colourways):
        run = backfill.start(selection=Selection(products=(product.pk,)), started_by=staff)
        list(backfill.run(run=run))
        return run

    def test_the_list_and_the_page(self, browser, begun):
        assert "0 of 3 finished" in browser.get("/dashboard/variants/runs/").content.decode()
        html = browser.get(f"/dashboard/variants/runs/{begun.pk}/").content.decode()
        assert "1 product looked at" in html
        status = browser.get(reverse("oscar_gan:gan-run-status", args=[begun.pk])).json()
        assert (status["state"], status["total"], status["finished"]) == ("working", 3, False)

    def test_cancelling(self, browser, begun):
        url = reverse("oscar_gan:gan-run-cancel", args=[begun.pk])
        html = browser.post(url, follow=True).content.decode()
        assert "3 variant images will not be made" in html
        assert "nothing to cancel" in browser.post(url, follow=True).content.decode()

    def test_other_peoples_runs_do_not_exist_for_partner_staff(self, login, partner_user, begun):
        client = login(partner_user)
        assert client.get(f"/dashboard/variants/runs/{begun.pk}/").status_code == 404
        url = reverse("oscar_gan:gan-run-cancel", args=[begun.pk])
        assert client.post(url).status_code == 404
        own = BackfillRun.objects.create(started_by=partner_user)
        assert client.get(f"/dashboard/variants/runs/{own.pk}/").status_code == 200

    def test_how_to_be_told(self, browser, superuser):
        url = reverse("oscar_gan:gan-preferences")
        assert browser.get(url).context["form"].initial == {"channel": "inbox"}
        browser.post(url, {"channel": "email"})
        assert NotificationPreference.objects.get().channel == "email"
        assert browser.post(url, {"channel": "pigeon"}).context["form"].errors


class TestQuotas:
    def test_what_is_left_stands_beside_the_estimate(self, login, staff, product):
        Quota.objects.create(user=staff, per_day=3)
        url = reverse("oscar_gan:gan-estimate")
        text = login(staff).get(url, {"variants": 2}).json()["text"]
        assert text.endswith("3 of 3 left today")
        text = login(staff).get(url, {"variants": 4}).json()["text"]
        assert text.endswith("too many for today")

    def test_a_partners_is_named(self, login, partner, partner_user):
        Quota.objects.create(partner=partner, per_day=3)
        url = reverse("oscar_gan:gan-estimate")
        text = login(partner_user).get(url, {"variants": 1}).json()["text"]
        assert f"3 of 3 of {partner} left today" in text


class TestLog:
    URL = "/dashboard/variants/log/"

    @pytest.fixture
    def events(self, staff, product):
        for number in range(audit.PAGE + 5):
            audit.record(
                action="approved",
                by=staff,
                product=product,
                name=f"<b>={number}</b>",
                after=number,
            )

    def test_pages(self, browser, events, settings):
        first = browser.get(self.URL)
        assert "&lt;b&gt;=54" in first.content.decode()
        page = first.context["page"]
        older = browser.get(self.URL, {"before": page.older}).context["page"]
        assert [event.after for event in older.events] == [4, 3, 2, 1, 0]
        assert older.older == ""

    def test_nonsense_in_the_address_shows_the_newest(self, browser, events):
        query = {"before": "x", "since": "yesterday", "action": "danced"}
        page = browser.get(self.URL, query)
        assert "no place in the log" in page.content.decode()
        assert len(page.context["page"].events) == audit.PAGE

    def test_the_export_is_safe_to_open_and_filtered(self, browser, events, staff):
        audit.record(action="imported", by=staff, name="=cmd")
        url = reverse("oscar_gan:gan-log-export")
        response = browser.get(url, {"action": "imported"})
        lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
        assert len(lines) == 2
        assert "'=cmd" in lines[1]

    def test_the_admin_only_shows(self, client, superuser, events):
        client.force_login(superuser)
        event = AuditEvent.objects.first()
        assert client.get(f"/admin/oscar_gan/auditevent/{event.pk}/change/").status_code == 200
        assert client.get("/admin/oscar_gan/auditevent/add/").status_code == 403
        url = f"/admin/oscar_gan/auditevent/{event.pk}/delete/"
        assert client.post(url, {"post": "yes"}).status_code == 403
