"""How long migrations make people wait, and what a scrape costs, with a million variant images.

    createdb large_shop
    OSCAR_GAN_TEST_DATABASE=postgresql://user:password@127.0.0.1:5432/large_shop \\
        DJANGO_SETTINGS_MODULE=tests.settings python -m benchmarks.large_shop

Needs an empty PostgreSQL database; fills it as 0.1.0 would have (4 minutes, 2 GB), migrates step
by step with a reader and a writer beside, then asks each figure of the metrics three times.
"""

from __future__ import annotations

import threading
import time

import django

PHOTOS, REQUESTS, VARIANTS = 250_000, 125_000, 1_000_000
FIRST = "0001_initial"
PHOTO = "md5('p' || n) || md5('q' || n)"
FILL = f"""
INSERT INTO catalogue_productclass (name, slug, requires_shipping, track_stock)
VALUES ('All', 'all', true, true);
INSERT INTO catalogue_product (id, structure, title, slug, description, date_created, date_updated,
    is_discountable, product_class_id, is_public, priority, meta_title, meta_description)
SELECT n, 'standalone', 'Product ' || n, 'p-' || n, '', now(), now(), true,
    (SELECT min(id) FROM catalogue_productclass), true, 0, '', ''
FROM generate_series(1, {PHOTOS // 10}) n;
INSERT INTO catalogue_productimage (id, original, caption, display_order, date_created, product_id)
SELECT n, 'images/' || md5(n::text) || '.jpg', '', n % 10, now(), (n - 1) / 10 + 1
FROM generate_series(1, {PHOTOS}) n;
INSERT INTO oscar_gan_generatorversion (id, name, version, digest, status, created_at)
VALUES (1, 'recolour', '2', repeat('a', 64), 'champion', now());
INSERT INTO oscar_gan_generationrequest (id, source_digest, queue, status, problem, created_at,
    dispatched_at, claimed_at, finished_at, attempts, product_id, source_id, generator_id)
SELECT md5('r' || n)::uuid, {PHOTO}, 'backfill',
    CASE WHEN n % 125 = 0 THEN 'queued' ELSE 'done' END, '', at,
    at, at + interval '2 s', at + interval '12 s', 1, (n - 1) % {PHOTOS // 10} + 1, n, 1
FROM (SELECT n, now() - ({REQUESTS} - n) * interval '1 minute' AS at
    FROM generate_series(1, {REQUESTS}) n) each;
INSERT INTO oscar_gan_variantimage (source_digest, recipe, recipe_digest, label, target, status,
    problem_code, problem, file_name, digest, width, height, made, delta_e, structure,
    background_max, protected_max, findings, seconds, created_at, finished_at, product_id,
    request_id, source_id)
SELECT {PHOTO}, jsonb_build_object('kind', 'colour', 'source', {PHOTO}, 'target', '#24345C'),
    md5('v' || i) || md5('w' || i), 'Navy', '#24345C', status,
    CASE status WHEN 'refused' THEN 'colour-off' ELSE '' END,
    CASE status WHEN 'refused' THEN 'The colour is off by ΔE 6.1; the limit is 5.' ELSE '' END,
    CASE status WHEN 'refused' THEN '' ELSE 'variants/' || md5('f' || i) || '.jpg' END,
    md5('f' || i) || md5('g' || i), 1600, 1600, '#24345C', abs(sin(i)) * 4, 0.98, 1, 0.1, '[]',
    0.3 + abs(cos(i)), at, at, (n - 1) % {PHOTOS // 10} + 1, md5('r' || n)::uuid, n
FROM (SELECT i, (i - 1) / 8 + 1 AS n, now() - ({VARIANTS} - i) * interval '7 s' AS at,
    CASE WHEN i % 50 = 0 THEN 'refused' WHEN i % 10 < 6 THEN 'approved'
        WHEN i % 10 < 8 THEN 'rejected' ELSE 'awaiting_review' END AS status
    FROM generate_series(1, {VARIANTS}) i) each;
INSERT INTO oscar_gan_review (decision, reason, comment, created_at, variant_id)
SELECT CASE WHEN id % 4 = 0 THEN 'rejected' ELSE 'approved' END,
    CASE WHEN id % 4 = 0 THEN 'edge' ELSE '' END, '', finished_at + interval '1 hour', id
FROM oscar_gan_variantimage WHERE id % 10 < 8;
INSERT INTO oscar_gan_publication (scope, before, published_at, variant_id)
SELECT 'colour', '{{}}', now(), id FROM oscar_gan_variantimage WHERE id % 10 < 5;
ANALYZE;
"""  # noqa: S608  constants of this file
READ = "SELECT status FROM oscar_gan_variantimage WHERE id = %s"
WRITE = "UPDATE oscar_gan_variantimage SET target = target WHERE id = %s"


class Visitor(threading.Thread):
    """Asks one thing again and again, and remembers the longest wait, in seconds."""

    def __init__(self, sql: str) -> None:
        super().__init__(daemon=True)
        self._sql = sql
        self.worst = 0.0

    def run(self) -> None:
        import psycopg
        from django.db import connection

        with psycopg.connect(**_parameters(connection), autocommit=True) as link:
            for number in range(1, 10**9):
                started = time.perf_counter()
                link.execute(self._sql, [number * 7919 % VARIANTS + 1])
                self.worst = max(self.worst, time.perf_counter() - started)
                time.sleep(0.02)


def _parameters(connection) -> dict:
    given = connection.settings_dict
    keys = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    return {**{ours: given[theirs] for ours, theirs in keys.items()}, "port": given["PORT"]}


def main() -> None:
    """Fill, migrate, ask; prints a line each."""
    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    def migrate(*targets: tuple[str, str]) -> float:
        started = time.perf_counter()
        MigrationExecutor(connection).migrate(list(targets))
        return time.perf_counter() - started

    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    others = [leaf for leaf in leaves if leaf[0] in ("catalogue", "partner", "auth")]
    migrate(("oscar_gan", FIRST), *others)
    with connection.cursor() as cursor:
        cursor.execute(FILL)
    steps = sorted(key[1] for key in MigrationExecutor(connection).loader.disk_migrations
                   if key[0] == "oscar_gan" and key[1] != FIRST)  # fmt: skip
    visitors = {"read": Visitor(READ), "write": Visitor(WRITE)}
    for visitor in visitors.values():
        visitor.start()
    for step in steps:
        for visitor in visitors.values():
            visitor.worst = 0.0
        seconds = migrate(("oscar_gan", step))
        time.sleep(0.1)
        waits = ", ".join(f"{kind} {each.worst:.2f}" for kind, each in visitors.items())
        print(f"{step}: {seconds:.2f} s; longest waits: {waits}", flush=True)
    _ask_figures()


def _ask_figures() -> None:
    from oscar_gan.operations import figures, metrics

    asked = (
        *(figures.queues, figures.variants, figures.requests, figures.problems),
        *(figures.decisions, figures.publications, figures.renditions_missing),
        *(figures.pictures, figures.phases, figures.decision_times, metrics.exposition),
    )
    for figure in asked:
        print(f"{figure.__name__:<20}", *(f"{_seconds(figure):.3f}" for _ in range(3)), flush=True)


def _seconds(ask) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
