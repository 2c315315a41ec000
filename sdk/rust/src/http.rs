//! Web services, asked through the host's guarded client.

#[cfg(target_arch = "wasm32")]
use crate::abi as raw;
#[cfg(not(target_arch = "wasm32"))]
use crate::testing::raw;

use crate::host::fetch;
use crate::json::{parse_json, Json};
use crate::text::Object;
use crate::{Call, Error, Result};
use alloc::string::String;
use alloc::vec::Vec;

/// A request to a web service.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// GET if left out.
    pub method: &'a str,
    /// http or https, of a host that is granted.
    pub url: &'a str,
    /// Names and values.
    pub headers: &'a [(&'a str, &'a str)],
    /// What is sent along.
    pub body: &'a str,
}

/// What a web service answered. Any status is an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status of HTTP: 200, 404 and so on.
    pub status: u16,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text; what is not UTF-8 in it becomes U+FFFD.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Json> {
        Ok(parse_json(&self.text())?)
    }
}

impl Call<'_> {
    /// Makes a request and waits for its answer; a call has 5. The error says why there is no answer. It needs `http` with
    /// the host of the address.
    pub fn http(&self, request: &Request) -> Result<Answer> {
        let encoded = request.encode();
        let mut text = encoded.as_str();
        let answer = parse_json(&fetch(|out, cap| {
            let n = unsafe { raw::host_http(text.as_ptr(), text.len(), out, cap) };
            text = ""; // an empty request reads the last answer again
            n
        })?)?;
        if answer.get("error").exists() {
            return Err(Error::from(answer.get("error").text()));
        }
        let body = match answer.get("base64") {
            Json::Text(coded) => decode_base64(coded),
            _ => answer.get("body").text().as_bytes().to_vec(),
        };
        Ok(Answer { status: answer.get("status").integer().unwrap_or(0) as u16, body })
    }

    /// Makes a GET request. See [`Call::http`].
    pub fn get(&self, url: &str) -> Result<Answer> {
        self.http(&Request { url, ..Request::default() })
    }
}

impl Request<'_> {
    fn encode(&self) -> String {
        let mut o = Object::new();
        o.text_unless_empty("method", self.method);
        o.text("url", self.url);
        if !self.headers.is_empty() {
            let mut headers = Object::new();
            for (name, value) in self.headers {
                headers.text(name, value);
            }
            o.raw("headers", &headers.end());
        }
        o.text_unless_empty("body", self.body);
        o.end()
    }
}

/// Decodes standard base64, in which bodies come that are no text; what does not belong there is passed over.
fn decode_base64(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for b in text.bytes() {
        let value = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::decode_base64;
    use crate::escape;

    #[test]
    fn texts_inside_addresses() {
        assert_eq!(escape("São_Tomé & 7~/?%"), "S%C3%A3o_Tom%C3%A9%20%26%207~%2F%3F%25");
    }

    #[test]
    fn bodies_that_are_no_text() {
        for (coded, body) in [("", ""), ("TQ==", "M"), ("TWE=", "Ma"), ("TWFu", "Man"), ("/+8=", "")] {
            let got = decode_base64(coded);
            if body.is_empty() && !coded.is_empty() {
                assert_eq!(got, [0xff, 0xef]);
            } else {
                assert_eq!(got, body.as_bytes(), "{}", coded);
            }
        }
    }
}
