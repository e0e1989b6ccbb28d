//! Signs each call of a Hive Router as our subgraphs want it: `strates-signature: t=<seconds>,v1=<HMAC-SHA256 of "t.body">`.
//! For a build of one's own: crates hive-router, hmac 0.12, sha2 0.10, hex 0.4; registered in its `main` as a plugin.
use std::time::{SystemTime, UNIX_EPOCH};

use hive_router::http::{HeaderName, HeaderValue};
use hive_router::plugins::{
    hooks::{
        on_plugin_init::{OnPluginInitPayload, OnPluginInitResult},
        on_subgraph_http_request::{OnSubgraphHttpRequestHookPayload, OnSubgraphHttpRequestHookResult},
    },
    plugin_trait::{RouterPlugin, StartHookPayload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;

pub struct Signing {
    secret: String,
}

/// The value of the header for a body, at a moment in seconds since 1970.
pub fn signature(secret: &str, body: &[u8], seconds: u64) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length is a key");
    mac.update(format!("{seconds}.").as_bytes());
    mac.update(body);
    format!("t={seconds},v1={}", hex::encode(mac.finalize().into_bytes()))
}

#[hive_router::async_trait]
impl RouterPlugin for Signing {
    type Config = ();

    fn plugin_name() -> &'static str {
        "strates_signing"
    }

    fn on_plugin_init(payload: OnPluginInitPayload<Self>) -> OnPluginInitResult<Self> {
        let secret = std::env::var("STRATES_SUBGRAPH_SECRET").expect("STRATES_SUBGRAPH_SECRET is not set");
        payload.initialize_plugin(Self { secret })
    }

    async fn on_subgraph_http_request<'exec>(
        &'exec self,
        mut payload: OnSubgraphHttpRequestHookPayload<'exec>,
    ) -> OnSubgraphHttpRequestHookResult<'exec> {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        let value = signature(&self.secret, &payload.body, seconds);
        payload.execution_request.headers.insert(
            HeaderName::from_static("strates-signature"),
            HeaderValue::from_str(&value).expect("letters and digits"),
        );
        payload.proceed()
    }
}
