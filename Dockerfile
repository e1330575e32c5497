# The demo shop for production: `web` serves and works on CPUs, `gpu` adds CUDA's libraries for
# ONNX Runtime, `training` adds torch.

FROM python:3.11.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
WORKDIR /src
COPY requirements.txt pyproject.toml README.md LICENSE ./
COPY oscar_gan oscar_gan
RUN /venv/bin/pip install --constraint requirements.txt '.[production]'

FROM build AS build-gpu
# The extras of onnxruntime-gpu bring cuDNN and CUDA 13 (2.1 GB); the driver comes from the host.
RUN version=$(/venv/bin/pip list --format=freeze | sed -n 's/^onnxruntime-gpu==//p') \
    && /venv/bin/pip install "onnxruntime-gpu[cuda,cudnn]==$version"

FROM build AS build-training
RUN /venv/bin/pip install --constraint requirements.txt '.[production,train]'

FROM python:3.11.13-slim-bookworm AS runtime
RUN useradd --create-home --uid 10001 shop && install -d -o shop -g shop /app /var/shop
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 SHOP_VAR_DIR=/var/shop \
    DJANGO_SETTINGS_MODULE=shop.production
WORKDIR /app
COPY manage.py ./
COPY shop shop
COPY templates templates
COPY demo demo
USER shop
VOLUME /var/shop
EXPOSE 8000
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "8", "--no-control-socket", "--access-logfile", "-"]

FROM runtime AS gpu
COPY --from=build-gpu /venv /venv

FROM runtime AS training
COPY --from=build-training /venv /venv

FROM runtime AS web
COPY --from=build /venv /venv
