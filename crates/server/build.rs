//! Builds the crate again when the web pages were built again. Without Node the folders are empty and the pages say how to fill them.

fn main() -> std::io::Result<()> {
    for page in ["hall", "console", "widget"] {
        let folder = format!("../../web/{page}/dist");
        std::fs::create_dir_all(&folder)?;
        println!("cargo::rerun-if-changed={folder}");
    }
    Ok(())
}
