//! Calls from pages of other origins (the CORS protocol of the Fetch standard).
//!
//! Any origin may call, as on a Neuron®, because browsers do not send the token by themselves. So
//! there is no `Access-Control-Allow-Credentials` either.

use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS, ALLOW, HeaderMap, HeaderValue,
    ORIGIN, VARY,
};

/// The response headers of the contract that a page of another origin can't read by default.
const EXPOSED: &str = "WWW-Authenticate, Retry-After, Date, ETag, X-AlternativeName1, X-AlternativeName2, \
    X-AlternativeName3, X-AlternativeName4, X-AlternativeName5, X-AlternativeName6, \
    X-AlternativeName7, X-AlternativeName8, X-AlternativeName9";

/// Lets the calling page send the request that it asks for in a preflight, which is answered with the
/// methods that are allowed.
pub fn allow_call(response: &mut HeaderMap, request: &HeaderMap) {
    let Some(methods) = response.get(ALLOW).cloned() else { return };
    response.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    if let Some(wanted) = request.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        response.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
        response.append(VARY, ACCESS_CONTROL_REQUEST_HEADERS.into());
    }
}

/// Lets the calling origin read the response.
pub fn allow_origin(response: &mut HeaderMap, request: &HeaderMap, expose: bool) {
    let anybody = HeaderValue::from_static("*");
    let origin = request.get(ORIGIN).cloned().unwrap_or(anybody);
    response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    response.append(VARY, ORIGIN.into());
    if expose {
        response.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
}
