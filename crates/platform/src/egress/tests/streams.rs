//! Bodies as streams, with limits for each part, and what they cost.

use super::*;

#[tokio::test]
async fn every_method_goes_out_with_its_headers_and_none_opens_a_tunnel() {
    for method in METHODS {
        let (address, served) = one(async move |mut stream| {
            let head = head(&mut stream).await;
            stream.write_all(b"HTTP/1.1 201 Created\r\nx-model: small\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            head
        })
        .await;
        let (egress, target) = to(address);
        let mut asked = call(method.clone(), Body::empty(), 9);
        for (name, value) in [("authorization", "Bearer x"), ("host", "inside"), ("transfer-encoding", "chunked"), ("connection", "upgrade"), ("upgrade", "x")]
        {
            asked.headers.insert(name, HeaderValue::from_static(value));
        }
        let mut answer = egress.open(&target, asked).await.unwrap();
        assert_eq!((answer.status.as_u16(), &answer.headers["x-model"]), (201, &HeaderValue::from_static("small")));
        assert_eq!(answer.piece().await.unwrap(), None);
        let head = served.await.unwrap();
        assert!(head.starts_with(&format!("{method} /v1?x=1 HTTP/1.1\r\n")), "{head}");
        assert!(head.contains("authorization: Bearer x\r\n") && head.contains("host: models.example\r\n"), "{head}");
        assert!(!head.contains("transfer-encoding") && !head.contains("upgrade") && !head.contains("inside"), "{head}");
    }
    let (address, came) = receiver(OK).await;
    let (egress, target) = to(address);
    assert_eq!(egress.open(&target, call(Method::CONNECT, Body::empty(), 9)).await.unwrap_err(), Failure::Unreachable);
    assert_eq!(came.load(SeqCst), 0);
}

#[tokio::test]
async fn a_request_goes_out_piece_by_piece_with_its_length_or_in_chunks() {
    let pieces = || stream::iter(["ab", "cde"]).map(|piece| Ok(Bytes::from_static(piece.as_bytes())));
    for (length, says, sent) in [(Some(5), "content-length: 5\r\n", "abcde"), (None, "transfer-encoding: chunked\r\n", "2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n")] {
        let (address, served) = one(async move |mut stream| {
            let head = head(&mut stream).await;
            let mut body = vec![0; sent.len()];
            stream.read_exact(&mut body).await.unwrap();
            stream.write_all(OK).await.unwrap();
            (head, String::from_utf8(body).unwrap())
        })
        .await;
        let (egress, target) = to(address);
        let mut answer = egress.open(&target, call(Method::PUT, Body::stream(pieces(), length), 9)).await.unwrap();
        assert_eq!(answer.beginning(9).await.unwrap(), b"ok");
        let (head, body) = served.await.unwrap();
        assert!(head.contains(says) && body == sent, "{head}{body}");
    }
    // A source that fails halfway fails the request.
    let (address, _) = one(async move |mut stream| {
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all).await;
    })
    .await;
    let (egress, target) = to(address);
    let broken = pieces().chain(stream::iter([Err(std::io::Error::other("the file is gone"))]));
    assert_eq!(egress.open(&target, call(Method::PUT, Body::stream(broken, Some(9)), 9)).await.unwrap_err(), Failure::Broken);
}

#[tokio::test]
async fn an_answer_is_read_while_it_is_being_written() {
    let (said, mut next) = tokio::sync::mpsc::channel::<&'static str>(1);
    let (address, _) = one(async move |mut stream| {
        head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n").await.unwrap();
        while let Some(piece) = next.recv().await {
            stream.write_all(piece.as_bytes()).await.unwrap();
        }
    })
    .await;
    let (egress, target) = to(address);
    let mut answer = egress.open(&target, call(Method::POST, Body::empty(), 1000)).await.unwrap();
    assert_eq!(answer.headers[header::CONTENT_TYPE], "text/event-stream");
    for piece in ["data: one\n\n", "data: two\n\n"] {
        // Asking before it is there, and no longer waiting, misses nothing.
        assert!(answer.piece().now_or_never().is_none());
        said.send(piece).await.unwrap();
        assert_eq!(answer.piece().await.unwrap().unwrap(), piece);
    }
    drop(said);
    assert_eq!(answer.piece().await.unwrap(), None);
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_told_from_one_that_ended() {
    let cut: [&[u8]; 2] = [b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n"];
    for answer in cut {
        let (address, _) = receiver(answer).await;
        let (egress, target) = to(address);
        let mut answer = egress.open(&target, call(Method::GET, Body::empty(), 9)).await.unwrap();
        assert_eq!((answer.piece().await.unwrap().unwrap(), answer.piece().await), (Bytes::from_static(b"ok"), Err(Failure::Broken)));
    }
}

#[tokio::test]
async fn an_answer_that_is_too_large_ends_at_the_last_byte_that_was_allowed() {
    let (address, _) = receiver(OK).await;
    let (egress, target) = to(address);
    let open = async |most: usize| egress.open(&target, call(Method::GET, Body::empty(), most)).await.unwrap();
    let mut exact = open(2).await;
    assert_eq!((exact.piece().await.unwrap().unwrap(), exact.piece().await), (Bytes::from_static(b"ok"), Ok(None)));
    let mut more = open(1).await;
    assert_eq!((more.piece().await.unwrap().unwrap(), more.piece().await), (Bytes::from_static(b"o"), Err(Failure::TooLarge)));
    assert_eq!(more.piece().await, Err(Failure::TooLarge), "it stays so");
    assert_eq!(open(0).await.piece().await, Err(Failure::TooLarge));
    assert_eq!(open(1).await.beginning(9).await.unwrap(), b"o");
}

/// A limit that has to be reached.
const SHORT: Duration = Duration::from_millis(50);
/// The same where something has to come in time before, on a busy machine too.
const ENOUGH: Duration = Duration::from_secs(1);

#[tokio::test]
async fn each_part_of_a_request_has_its_time() {
    let resolver = Arc::new(Hanging { address: "192.0.1.1:443".parse().unwrap(), asked: AtomicUsize::new(0), end: tokio::sync::watch::Sender::new(false) });
    let hanging = egress(true, resolver);
    let target = hanging.target("http://hang.example/").unwrap();
    let mut asked = call(Method::GET, Body::empty(), 9);
    asked.limits.connect = SHORT;
    assert_eq!(hanging.open(&target, asked).await.unwrap_err(), Failure::TimedOut, "the name");

    let silent = async |begins: &'static [u8]| {
        let (address, served) = one(async move |mut stream| {
            head(&mut stream).await;
            stream.write_all(begins).await.unwrap();
            stream.read(&mut [0; 1]).await.unwrap_or_default()
        })
        .await;
        (to(address), served)
    };
    let ((egress, target), served) = silent(b"HTTP/1.1 200").await;
    let mut asked = call(Method::GET, Body::empty(), 9);
    asked.limits.first_byte = SHORT;
    assert_eq!(egress.open(&target, asked).await.unwrap_err(), Failure::TimedOut, "the head");
    assert_eq!(served.await.unwrap(), 0, "the connection is closed");

    let ((egress, target), served) = silent(b"HTTP/1.1 200 OK\r\n\r\nok").await;
    let mut asked = call(Method::GET, Body::empty(), 9);
    asked.limits.idle = ENOUGH;
    let mut answer = egress.open(&target, asked).await.unwrap();
    assert_eq!((answer.piece().await.unwrap().unwrap(), answer.piece().await), (Bytes::from_static(b"ok"), Err(Failure::TimedOut)));
    drop(answer);
    assert_eq!(served.await.unwrap(), 0, "the connection is closed");
}

#[tokio::test]
async fn who_drips_forever_is_never_idle_and_still_ends() {
    let drip = async move |mut stream: TcpStream| {
        head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        while stream.write_all(b"x").await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    let (address, served) = one(drip).await;
    let (egress, target) = to(address);
    let mut asked = call(Method::GET, Body::empty(), usize::MAX);
    asked.limits.whole = ENOUGH;
    let mut answer = egress.open(&target, asked).await.unwrap();
    let end = loop {
        match answer.piece().await {
            Ok(Some(_)) => {}
            end => break end,
        }
    };
    assert_eq!(end, Err(Failure::TimedOut));
    drop(answer);
    served.await.unwrap();
}

#[tokio::test]
async fn a_request_that_stands_still_ends_and_one_that_moves_goes_on() {
    // The receiver says when it has taken a piece; the next one is sent after that, and none follows the last.
    let (taken, was_taken) = tokio::sync::mpsc::channel::<()>(1);
    let (address, served) = one(async move |mut stream| {
        head(&mut stream).await;
        let (mut read, mut piece) = (0, [0; 4]);
        while stream.read_exact(&mut piece).await.is_ok() {
            read += piece.len();
            let _ = taken.send(()).await;
        }
        read
    })
    .await;
    let (egress, target) = to(address);
    let pieces = stream::unfold((0, was_taken), async |(sent, mut was_taken)| {
        if sent > 0 {
            was_taken.recv().await;
        }
        if sent == 4 {
            std::future::pending::<()>().await;
        }
        Some((Ok(Bytes::from_static(b"abcd")), (sent + 1, was_taken)))
    });
    let mut asked = call(Method::POST, Body::stream(pieces, Some(20)), 9);
    asked.limits.first_byte = ENOUGH;
    assert_eq!(egress.open(&target, asked).await.unwrap_err(), Failure::TimedOut);
    assert_eq!(served.await.unwrap(), 16);
}

#[tokio::test]
async fn dropping_ends_the_connection_at_every_stage_and_is_counted() {
    let (asked, mut was_asked) = tokio::sync::mpsc::channel::<()>(1);
    let (address, served) = one(async move |mut stream| {
        head(&mut stream).await;
        asked.send(()).await.unwrap();
        stream.read(&mut [0; 1]).await.unwrap_or_default()
    })
    .await;
    let (egress, target) = to(address);
    tokio::select! {
        _ = egress.open(&target, call(Method::GET, Body::empty(), 9)) => panic!("there is no answer"),
        _ = was_asked.recv() => {}
    }
    assert_eq!(served.await.unwrap(), 0, "before the head of the answer");
    assert_eq!(egress.costs().in_sum(Purpose::Embeddings).requests, 1);

    let (address, served) = one(async move |mut stream| {
        head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nok").await.unwrap();
        stream.read(&mut [0; 1]).await.unwrap_or_default()
    })
    .await;
    let (egress, target) = to(address);
    let mut answer = egress.open(&target, call(Method::GET, Body::empty(), 9)).await.unwrap();
    answer.piece().await.unwrap();
    assert_eq!(egress.costs().in_sum(Purpose::Embeddings).requests, 0, "it is not over");
    drop(answer);
    assert_eq!(served.await.unwrap(), 0, "between two pieces");
    assert_eq!(egress.costs().in_sum(Purpose::Embeddings).requests, 1);
}

#[tokio::test]
async fn what_each_company_uses_for_what_is_counted_to_the_byte() {
    let (address, _) = receiver(OK).await;
    let (egress, target) = to(address);
    let other = TenantId::new(uuid::Uuid::from_u128(2));
    for tenant in [company(), company(), other] {
        egress.post(tenant, Purpose::Webhooks, &target, HeaderMap::new(), Bytes::from_static(b"{}")).await.unwrap();
    }
    let sent =
        "POST /v1?x=1 HTTP/1.1\r\ncontent-type: application/json\r\nhost: models.example\r\nuser-agent: Yingda-Webhooks/1\r\ncontent-length: 2\r\n\r\n{}";
    let mut each: Vec<_> = egress.costs().of_each().into_iter().map(|(tenant, purpose, cost)| (tenant, purpose, Cost { ms: 0, ..cost })).collect();
    each.sort_by_key(|(tenant, ..)| tenant.uuid());
    let cost = |requests: u64| Cost { requests, bytes_out: requests * sent.len() as u64, bytes_in: requests * OK.len() as u64, ms: 0 };
    assert_eq!(each, [(company(), Purpose::Webhooks, cost(2)), (other, Purpose::Webhooks, cost(1))]);
    assert_eq!(Cost { ms: 0, ..egress.costs().in_sum(Purpose::Webhooks) }, cost(3));
    assert_eq!(egress.costs().in_sum(Purpose::Sms), Cost::default());
    // What never left is counted, too.
    let closed = self::egress(false, Stub::new(&[&[address]]));
    assert_eq!(post(&closed, &Target { tls: false, ..target }).await, Err(Failure::Unreachable));
    assert_eq!(Cost { ms: 0, ..closed.costs().in_sum(Purpose::Webhooks) }, Cost { requests: 1, ..Cost::default() });
}
