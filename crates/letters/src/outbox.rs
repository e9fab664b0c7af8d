//! Where messages go while no mail server or gateway is set up: files that people can read, or the console.

use std::path::{Path, PathBuf};

use tokio::io::AsyncWriteExt as _;

use crate::message::{Failure, Message, one_line};

/// The message in a form that people can read.
pub fn readable(message: &Message) -> String {
    // The page has the same words as the text.
    let Message { to, subject, text, html: _, attachments } = message;
    let subject = if subject.is_empty() { String::new() } else { format!("Subject: {}\n", one_line(subject)) };
    let attached = attachments.iter().map(|one| format!("Attachment: {} ({}, {} bytes)\n", one_line(&one.name), one_line(&one.media_type), one.bytes.len()));
    format!("To: {}\n{subject}{}\n{text}\n", one_line(to), attached.collect::<String>())
}

/// Writes a message to a file of its own that only its owner can read; returns the path.
#[expect(clippy::disallowed_methods, reason = "nothing in the record names the file: whoever misses a message after a power cut asks for another")]
pub async fn write(folder: &Path, name: &str, message: &Message) -> Result<PathBuf, Failure> {
    let failed = |error: std::io::Error| Failure::NotNow(format!("{}: {error}", folder.display()));
    make(folder).await.map_err(failed)?;
    let path = folder.join(format!("{name}.txt"));
    let mut options = tokio::fs::OpenOptions::new();
    // Half a message may be left of an attempt that was cut off.
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    // A program that watches the folder must not see half a message.
    let begun = path.with_extension("part");
    let mut file = options.open(&begun).await.map_err(failed)?;
    file.write_all(readable(message).as_bytes()).await.map_err(failed)?;
    file.sync_all().await.map_err(failed)?;
    tokio::fs::rename(&begun, &path).await.map_err(failed)?;
    Ok(path)
}

/// Creates the folder, or takes an existing one, and makes it accessible only to its owner.
async fn make(folder: &Path) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        tokio::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).await?;
    }
    Ok(())
}

/// Deletes the messages whose names are selected, finished or not, and no other file in the folder.
pub async fn forget(folder: &Path, chosen: impl Fn(&str) -> bool) -> std::io::Result<()> {
    let mut files = match tokio::fs::read_dir(folder).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        files => files?,
    };
    while let Some(file) = files.next_entry().await? {
        let path = file.path();
        let is_message = path.extension().is_some_and(|extension| extension == "txt" || extension == "part");
        if is_message && path.file_stem().and_then(|name| name.to_str()).is_some_and(&chosen) {
            tokio::fs::remove_file(path).await?;
        }
    }
    Ok(())
}

/// Deletes the messages to any of these recipients, finished or not; returns how many there were.
pub async fn forget_to(folder: &Path, recipients: &[String]) -> std::io::Result<u64> {
    let mut files = match tokio::fs::read_dir(folder).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        files => files?,
    };
    let mut gone = 0;
    while let Some(file) = files.next_entry().await? {
        let path = file.path();
        if !path.extension().is_some_and(|extension| extension == "txt" || extension == "part") {
            continue;
        }
        let text = tokio::fs::read(&path).await?;
        let text = String::from_utf8_lossy(&text);
        let to = text.lines().next().and_then(|line| line.strip_prefix("To: "));
        // Of half a message that names nobody yet, nothing is known.
        if to.is_none_or(|to| recipients.iter().any(|recipient| one_line(recipient) == to)) {
            tokio::fs::remove_file(&path).await?;
            gone += 1;
        }
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Attachment;

    #[test]
    fn of_a_mail_the_text_is_shown_and_what_its_attachments_are() {
        let mut message = Message::new("ada@example.com", "Your bill", "It is attached.");
        message.html = Some("<p>It is attached.</p>".to_owned());
        message.attach(Attachment { name: "bill\n1.pdf".to_owned(), media_type: "application/pdf".to_owned(), bytes: vec![0; 7] }).unwrap();
        let shown = "To: ada@example.com\nSubject: Your bill\nAttachment: bill 1.pdf (application/pdf, 7 bytes)\n\nIt is attached.\n";
        assert_eq!(readable(&message), shown);
    }

    #[tokio::test]
    async fn a_message_lies_in_a_file_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let message = Message::new("ada@example.com", "Your\ncode", "123456");
        let path = write(&folder.path().join("outbox"), "1-mail", &message).await.unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "To: ada@example.com\nSubject: Your code\n\n123456\n");
        assert!(path.ends_with("outbox/1-mail.txt"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(std::fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
        }
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn what_is_chosen_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = folder.path().join("outbox");
        forget(&outbox, |_| true).await.unwrap();
        let message = Message::new("ada@example.com", "", "123456");
        for name in ["1-mail", "2-mail"] {
            write(&outbox, name, &message).await.unwrap();
        }
        std::fs::write(outbox.join("1-half.part"), "").unwrap();
        std::fs::write(outbox.join("1-notes.md"), "").unwrap();
        forget(&outbox, |name| name.starts_with("1-")).await.unwrap();
        let mut left: Vec<String> = std::fs::read_dir(&outbox).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        assert_eq!(left, ["1-notes.md", "2-mail.txt"]);
    }
}
