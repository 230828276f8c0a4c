//! Serves the demo page: the files of `www`, those of `pkg` and `docs` below `/pkg/` and `/docs/`, and the README.

use super::state::ServerState;
use crate::core::Refusal;
use crate::exchange::ErrorResponse;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use hyper::Method;
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The media types by file extension. Other files are not served.
const MEDIA_TYPES: &[(&str, &str)] = &[
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("cjs", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("json", "application/json"),
    ("map", "application/json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("ico", "image/x-icon"),
    ("wasm", "application/wasm"),
    ("ts", "text/plain; charset=utf-8"),
    ("cts", "text/plain; charset=utf-8"),
    ("md", "text/plain; charset=utf-8"),
];

/// The page runs its own scripts and the module, and connects to this broker, to another one on
/// this machine, or over TLS to a Neuron of the person's choice. Inline code, frames and forms are
/// blocked.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data:; \
    connect-src 'self' https: http://127.0.0.1:* http://localhost:* \
    wss: ws://127.0.0.1:* ws://localhost:*; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Serves a request for a file.
pub(super) async fn serve(State(shared): State<Arc<ServerState>>, request: Request) -> Response {
    let answer = match *request.method() {
        Method::GET | Method::HEAD => read(&shared.settings.root, request.uri().path()).await,
        _ => Err(ErrorResponse::wrong_method("GET, HEAD".into())),
    };
    answer.unwrap_or_else(IntoResponse::into_response)
}

async fn read(root: &Path, path: &str) -> Result<Response, ErrorResponse> {
    let not_found = || ErrorResponse::from(Refusal::new(404, "There is no such file."));
    let (file, media_type) = locate(path).ok_or_else(not_found)?;
    let content = read_inside(root, &file).await.ok_or_else(not_found)?;
    let headers = [
        (CONTENT_TYPE, media_type),
        // A new build must be seen at the next load.
        (CACHE_CONTROL, "no-cache"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    Ok((headers, content).into_response())
}

/// Reads a file, unless a symbolic link leads out of the folder.
async fn read_inside(root: &Path, file: &Path) -> Option<Vec<u8>> {
    let folder = tokio::fs::canonicalize(root.join(file.iter().next()?)).await.ok()?;
    let file = tokio::fs::canonicalize(root.join(file)).await.ok()?;
    if !file.starts_with(folder) {
        return None;
    }
    tokio::fs::read(file).await.ok()
}

/// The file of a path, relative to the root, and its media type. Only plain names are accepted,
/// nothing encoded or hidden, so that no path leads out of the folder.
fn locate(path: &str) -> Option<(PathBuf, &'static str)> {
    let path = path.strip_prefix('/')?;
    let (mut file, rest) = match path.split_once('/') {
        Some((folder @ ("pkg" | "docs"), rest)) => (PathBuf::from(folder), rest),
        _ if path == "README.md" => (PathBuf::new(), path),
        _ => (PathBuf::from("www"), path),
    };
    let mut names: Vec<&str> = rest.split('/').collect();
    if let Some(last @ &mut "") = names.last_mut() {
        *last = "index.html";
    }
    if !names.iter().all(|name| is_plain(name)) {
        return None;
    }
    let (_, ending) = names.last()?.rsplit_once('.')?;
    let (_, media_type) = MEDIA_TYPES.iter().find(|(known, _)| *known == ending)?;
    file.extend(names);
    Some((file, media_type))
}

fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_files() {
        for (path, file, media_type) in [
            ("/", "www/index.html", "text/html; charset=utf-8"),
            ("/style.css", "www/style.css", "text/css; charset=utf-8"),
            ("/a/b.js", "www/a/b.js", "text/javascript; charset=utf-8"),
            ("/a/", "www/a/index.html", "text/html; charset=utf-8"),
            ("/pkg/index.js", "pkg/index.js", "text/javascript; charset=utf-8"),
            ("/pkg/agentapi.wasm", "pkg/agentapi.wasm", "application/wasm"),
            ("/pkg/index.d.ts", "pkg/index.d.ts", "text/plain; charset=utf-8"),
            ("/icon.svg", "www/icon.svg", "image/svg+xml"),
            ("/README.md", "README.md", "text/plain; charset=utf-8"),
            ("/docs/errors.md", "docs/errors.md", "text/plain; charset=utf-8"),
            ("/docs/methods/README.md", "docs/methods/README.md", "text/plain; charset=utf-8"),
        ] {
            assert_eq!(locate(path), Some((PathBuf::from(file), media_type)), "{path}");
        }
    }

    #[test]
    fn no_path_leads_elsewhere() {
        for path in [
            "",
            "*",
            "//",
            "/..",
            "/../Cargo.toml",
            "/pkg/../Cargo.toml",
            "/./a.js",
            "/a//b.js",
            "/%2e%2e/a.js",
            "/a%2fb.js",
            "/a\\b.js",
            "/C:/a.js",
            "/.git/config",
            "/.a.js",
            "/a.js\0",
            "/å.js",
            "/a",
            "/a.toml",
            "/a.js.",
            "/pkg",
            "/docs/../Cargo.toml",
            "/Cargo.lock",
        ] {
            assert_eq!(locate(path), None, "{path:?}");
        }
    }
}
