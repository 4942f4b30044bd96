FROM python:3.11-slim AS base
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
WORKDIR /august
COPY requirements.lock ./
RUN python -m venv .venv && .venv/bin/pip install --require-hashes -r requirements.lock

FROM base AS assets
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc frontend/
RUN cd frontend && PATH="/august/.venv/bin:$PATH" npm ci
COPY frontend frontend
RUN .venv/bin/python frontend/build_assets.py

FROM base
RUN useradd --system --uid 1000 --home /data august && install -d -o august /data
COPY backend backend
COPY seeds seeds
COPY frontend/templates frontend/templates
COPY frontend/locales frontend/locales
COPY --from=assets /august/frontend/dist frontend/dist
ENV PYTHONPATH=/august/backend AUGUST_HOST=0.0.0.0 AUGUST_PORT=8000 AUGUST_DATA=/data
USER august
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD [".venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/', timeout=4)"]
CMD [".venv/bin/python", "-m", "august.cli", "serve"]
