//! The demo page's files over a real socket.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod support;

use broker::http::Settings;
use std::fs;
use std::path::PathBuf;
use support::{Request, Response, Running, settings, start};

/// A broker with a page, a package, and a file that must not be served.
fn serve(name: &str) -> (Running, PathBuf) {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&root);
    for (path, content) in [
        ("www/index.html", "<!doctype html>"),
        ("www/main.js", "export {};"),
        ("www/notes.txt", "no type, not served"),
        ("pkg/index.js", "export {};"),
        ("pkg/agentapi.wasm", "\0asm"),
        ("docs/errors.md", "# Errors"),
        ("README.md", "# Readme"),
        ("secret.js", "secret"),
        ("secret.md", "secret"),
    ] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    (start(Settings { root: root.clone(), ..settings() }), root)
}

fn get(broker: &Running, path: &str) -> Response {
    broker.send(&Request::new("GET", path))
}

#[test]
fn the_page_and_the_package_are_served() {
    let (broker, _) = serve("served");
    for (path, body, media_type) in [
        ("/", "<!doctype html>", "text/html; charset=utf-8"),
        ("/index.html?a=b", "<!doctype html>", "text/html; charset=utf-8"),
        ("/main.js", "export {};", "text/javascript; charset=utf-8"),
        ("/pkg/index.js", "export {};", "text/javascript; charset=utf-8"),
        ("/pkg/agentapi.wasm", "\0asm", "application/wasm"),
        ("/docs/errors.md", "# Errors", "text/plain; charset=utf-8"),
        ("/README.md", "# Readme", "text/plain; charset=utf-8"),
    ] {
        let response = get(&broker, path);
        assert_eq!((response.status, response.body.as_str()), (200, body), "{path}");
        assert_eq!(response.header("content-type").as_deref(), Some(media_type));
        assert_eq!(response.header("cache-control").as_deref(), Some("no-cache"));
        assert_eq!(response.header("x-content-type-options").as_deref(), Some("nosniff"));
        assert_eq!(response.header("referrer-policy").as_deref(), Some("no-referrer"));
        let policy = response.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"));
    }
    let head = broker.send(&Request::new("HEAD", "/"));
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length").as_deref(), Some("15"));
}

#[test]
fn nothing_else_is_served() {
    let (broker, _) = serve("nothing-else");
    for path in [
        "/secret.js",
        "/secret.md",
        "/docs/../secret.md",
        "/../secret.js",
        "/pkg/../secret.js",
        "/%2e%2e/secret.js",
        "/..%2fsecret.js",
        "/pkg/..\\..\\secret.js",
        "//secret.js",
        "/notes.txt",
        "/missing.js",
        "/pkg/",
        "/pkg",
        "/www/index.html",
    ] {
        let response = get(&broker, path);
        assert_eq!(response.status, 404, "{path}");
        assert!(!response.body.contains("secret"));
    }
    let post = broker.send(&Request::new("POST", "/"));
    assert_eq!((post.status, post.header("allow").as_deref()), (405, Some("GET, HEAD")));
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_does_not_lead_out_of_the_folder() {
    let (broker, root) = serve("link");
    std::os::unix::fs::symlink(root.join("secret.js"), root.join("www/link.js")).unwrap();
    assert_eq!(get(&broker, "/link.js").status, 404);
    std::os::unix::fs::symlink(root.join("www/main.js"), root.join("www/inside.js")).unwrap();
    assert_eq!(get(&broker, "/inside.js").status, 200);
}
