//! Response times are added up, read over any periods, and outlive editions.

use crate::common::{at, on_each_engine, open_editions, tenants};
use domain::{
    id::TenantId,
    response_time::{Histogram, ResponseTime, TimesByMinute},
    time::{DAY, HOUR, MINUTE, Ts},
};
use uuid::Uuid;
use warehouse::{
    Editions, Window,
    timings::{MINUTES_KEPT_MS, Percentiles, QUARTERS_KEPT_MS},
};

fn times(all: &[i64]) -> Histogram {
    let mut times = Histogram::default();
    all.iter().for_each(|ms| times.add(*ms));
    times
}

async fn add(editions: &Editions, tenant: TenantId, minute: Ts, kind: ResponseTime, all: &[i64]) {
    editions.add_timings(TimesByMinute::from([((tenant, minute, kind), times(all))])).await.unwrap();
}

async fn read(editions: &Editions, tenant: TenantId, kind: ResponseTime, periods: &[Window]) -> (i64, Vec<i64>) {
    let timings = editions.timings(tenant, periods).await.unwrap();
    let timing = timings.into_iter().find(|timing| timing.kind == kind).unwrap();
    (timing.total.count, timing.points.into_iter().map(|point| point.count).collect())
}

#[tokio::test]
async fn times_are_added_up_by_company_kind_and_minute() {
    on_each_engine(|place| async move {
        let editions = open_editions(&place).await;
        let ([one, other], begun) = (tenants(), at("2026-11-20T02:07:00Z"));
        for ms in [[20, 30], [40, 150]] {
            add(&editions, one, begun, ResponseTime::SendToAck, &ms).await;
        }
        add(&editions, one, begun.plus(MINUTE), ResponseTime::SendToAck, &[5_000]).await;
        add(&editions, one, begun, ResponseTime::Page, &[900]).await;
        add(&editions, other, begun, ResponseTime::SendToAck, &[9]).await;
        let minutes = [0, 1, 2].map(|n| Window::minute(begun.plus(n * MINUTE)));
        let all = editions.timings(one, &minutes).await.unwrap();
        assert_eq!(all.iter().map(|timing| timing.kind).collect::<Vec<_>>(), ResponseTime::EACH);
        let acks = &all[0];
        // Two of the four lie above 25 ms and at most at 50 ms, and one at most at 150 ms.
        let Percentiles { count, p50_ms, p90_ms, p95_ms, p99_ms } = acks.points[0];
        let whole = [p50_ms, p90_ms, p95_ms, p99_ms].map(|ms| ms.unwrap().round() as i64);
        assert_eq!((count, whole), (4, [38, 130, 140, 148]));
        assert_eq!((acks.points[1].count, acks.points[2]), (1, Percentiles::default()));
        assert_eq!((acks.total.count, acks.points.len()), (5, 3));
        assert_eq!(read(&editions, one, ResponseTime::Page, &minutes).await, (1, vec![1, 0, 0]));
        assert_eq!(read(&editions, one, ResponseTime::ServerRequest, &minutes).await, (0, vec![0, 0, 0]));
        assert_eq!(read(&editions, other, ResponseTime::SendToAck, &minutes).await, (1, vec![1, 0, 0]));
        editions.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_period_is_the_same_whether_it_is_read_by_the_minute_or_by_the_quarter() {
    on_each_engine(|place| async move {
        let editions = open_editions(&place).await;
        let ([tenant, _], begun) = (tenants(), at("2026-11-20T02:00:00Z"));
        // One more in each minute of two hours.
        let minutes: Vec<Ts> = (0..120).map(|n| begun.plus(n * MINUTE)).collect();
        let all = minutes.iter().enumerate().map(|(n, minute)| ((tenant, *minute, ResponseTime::Page), times(&vec![100; n + 1])));
        editions.add_timings(all.collect()).await.unwrap();
        let sum = |from: i64, to: i64| (from + 1..=to).sum::<i64>();
        for (from, to) in [(0, 120), (0, 15), (7, 52), (14, 16), (31, 44), (119, 120)] {
            let period = Window { from: begun.plus(from * MINUTE), to: begun.plus(to * MINUTE) };
            assert_eq!(read(&editions, tenant, ResponseTime::Page, &[period]).await.0, sum(from, to), "{from} to {to}");
        }
        let hours = [0, 1].map(|n| Window { from: begun.plus(n * HOUR), to: begun.plus((n + 1) * HOUR) });
        assert_eq!(read(&editions, tenant, ResponseTime::Page, &hours).await.1, [sum(0, 60), sum(60, 120)]);
        let day_before = Window { from: begun.plus(-DAY), to: begun };
        assert_eq!(read(&editions, tenant, ResponseTime::Page, &[day_before]).await.0, 0);
        editions.close().await;
    })
    .await;
}

#[tokio::test]
async fn other_editions_have_the_same_times() {
    on_each_engine(|place| async move {
        let editions = open_editions(&place).await;
        let ([tenant, _], begun) = (tenants(), at("2026-11-20T02:00:00Z"));
        add(&editions, tenant, begun, ResponseTime::QuestionToAnswer, &[300, 400]).await;
        editions.rebuild().await.unwrap();
        editions.follow(Uuid::from_u128(78)).await.unwrap();
        let periods = [Window::minute(begun), Window { from: begun, to: begun.plus(HOUR) }];
        assert_eq!(read(&editions, tenant, ResponseTime::QuestionToAnswer, &periods).await, (4, vec![2, 2]));
        editions.close().await;
    })
    .await;
}

#[tokio::test]
async fn old_minutes_and_quarters_are_deleted_company_by_company() {
    on_each_engine(|place| async move {
        let editions = open_editions(&place).await;
        let ([one, other], begun) = (tenants(), at("2026-11-20T02:07:00Z"));
        for tenant in [one, other] {
            add(&editions, tenant, begun, ResponseTime::Page, &[900]).await;
        }
        // A minute at the edge of a period is read from the minutes, a whole day from the quarters.
        let (minute, day) = (Window::minute(begun), Window { from: at("2026-11-20T00:00:00Z"), to: at("2026-11-21T00:00:00Z") });
        add(&editions, one, begun.plus(MINUTES_KEPT_MS), ResponseTime::Page, &[10]).await;
        assert_eq!(read(&editions, one, ResponseTime::Page, &[minute, day]).await.1, [1, 1], "as long as they are kept");
        add(&editions, one, begun.plus(MINUTES_KEPT_MS + MINUTE), ResponseTime::Page, &[10]).await;
        assert_eq!(read(&editions, one, ResponseTime::Page, &[minute, day]).await.1, [0, 1], "only the quarter is left");
        add(&editions, one, begun.plus(QUARTERS_KEPT_MS + HOUR), ResponseTime::Page, &[10]).await;
        assert_eq!(read(&editions, one, ResponseTime::Page, &[minute, day]).await.1, [0, 0]);
        assert_eq!(read(&editions, other, ResponseTime::Page, &[minute, day]).await.1, [1, 1], "the other company keeps its own");
        editions.close().await;
    })
    .await;
}
