//! The operations in the API document.

use reqwest::Method;
use serde_json::Value;

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    pub method: Method,
    /// The path, with `{names}`.
    pub path: String,
    /// The tag, such as `goods`.
    pub tag: String,
    /// The schema of its JSON body, if it takes one.
    pub body: Option<Value>,
    /// The example of that body.
    pub example: Option<Value>,
    /// The kind of entry by which it tells everybody of the company what it changed, if it says so (`x-announces`); `Some(None)` if it tells nobody.
    pub announces: Option<Option<String>>,
    /// Whether it says why it takes no key (`x-takes-no-key`).
    pub says_no_key: bool,
    /// The names of its query parameters.
    pub query: Vec<String>,
    /// The names of its header parameters.
    pub headers: Vec<String>,
    /// Whether it takes a body that is not JSON.
    pub takes_bytes: bool,
    /// Whether it is for signed-in staff members or customers.
    pub is_signed_in: bool,
}

impl Operation {
    /// The name, such as `GET /api/v1/me`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// All operations, in the document's order.
pub fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&server::openapi::json()).unwrap();
    let resolve = |schema: &Value| match schema["$ref"].as_str() {
        Some(target) => document.pointer(target.trim_start_matches('#')).unwrap().clone(),
        None => schema.clone(),
    };
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let content = &operation["requestBody"]["content"];
            let json = &content["application/json"]["schema"];
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let of = |place: &str| parameters.iter().filter(|p| p["in"] == place).map(|p| p["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
            let in_path: Vec<&str> = path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
            assert_eq!(of("path"), in_path, "{method} {path}: the document names other parts of the path");
            found.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                tag: operation["tags"][0].as_str().unwrap_or_else(|| panic!("{method} {path} has no tag")).to_owned(),
                body: (!json.is_null()).then(|| resolve(json)),
                example: Some(resolve(json)["example"].clone()).filter(|example| !example.is_null()),
                announces: operation.get("x-announces").map(|kind| kind.as_str().map(str::to_owned)),
                says_no_key: operation["x-takes-no-key"].is_string(),
                query: of("query"),
                headers: of("header"),
                takes_bytes: !content.is_null() && json.is_null(),
                is_signed_in: operation["security"].as_array().into_iter().flatten().any(|by| by.get("staff").or(by.get("customer")).is_some()),
            });
        }
    }
    assert!(found.len() > 25);
    found
}
