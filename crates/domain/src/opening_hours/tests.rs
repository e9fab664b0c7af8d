//! Opening hours in two zones, over a change of the clock, and invalid hours.

use super::*;

fn interval(from: &str, to: &str) -> Interval {
    Interval { from: from.into(), to: to.into() }
}
/// Monday to Friday 9 to 12 and 13 to 18, with the week of the National Day closed and a Saturday worked instead.
fn office() -> OpeningHours {
    let day = vec![interval("09:00", "12:00"), interval("13:00", "18:00")];
    let week = Week { mon: day.clone(), tue: day.clone(), wed: day.clone(), thu: day.clone(), fri: day.clone(), ..Week::default() };
    let holiday = |n: u8| SpecialDay { date: format!("2026-10-0{n}"), name: "国庆".into(), intervals: vec![] };
    let mut days: Vec<SpecialDay> = (1..=7).map(holiday).collect();
    days.push(SpecialDay { date: "2026-10-10".into(), name: "调休".into(), intervals: vec![interval("10:00", "16:00")] });
    OpeningHours { week, days, answer_within_h: 2 }
}
fn shanghai() -> TimeZone {
    zone("Asia/Shanghai").unwrap()
}
fn at(text: &str) -> Ts {
    Ts(text.parse::<Timestamp>().unwrap().as_millisecond())
}

#[test]
fn it_is_open_within_an_interval_and_not_at_its_end() {
    let (hours, zone) = (office(), shanghai());
    for (moment, open) in [
        ("2026-11-20T08:59:59+08:00", false),
        ("2026-11-20T09:00:00+08:00", true),
        ("2026-11-20T12:00:00+08:00", false),
        ("2026-11-20T13:00:00+08:00", true),
        ("2026-11-20T17:59:59.999+08:00", true),
        ("2026-11-20T18:00:00+08:00", false),
        ("2026-11-21T10:00:00+08:00", false),
    ] {
        assert_eq!(hours.is_open(at(moment), &zone), open, "{moment}");
    }
    // The same moment is a different time of day in a different zone.
    assert!(!hours.is_open(at("2026-11-20T09:00:00+08:00"), &super::zone("Europe/Berlin").unwrap()));
}

#[test]
fn a_holiday_is_closed_and_a_made_up_saturday_open() {
    let (hours, zone) = (office(), shanghai());
    assert!(!hours.is_open(at("2026-10-01T10:00:00+08:00"), &zone));
    assert!(hours.is_open(at("2026-10-10T10:00:00+08:00"), &zone));
    assert!(!hours.is_open(at("2026-10-10T09:30:00+08:00"), &zone));
    // From the evening before the holidays to the first day after them.
    let closed = hours.service(at("2026-09-30T18:00:00+08:00"), &zone);
    assert_eq!(closed, Service { open: false, opens_at: Some(at("2026-10-08T09:00:00+08:00")), promised_by: Some(at("2026-10-08T11:00:00+08:00")) });
}

#[test]
fn while_it_is_open_a_message_is_promised_from_now_on() {
    let now = at("2026-11-20T10:00:00+08:00");
    assert_eq!(office().service(now, &shanghai()), Service { open: true, opens_at: None, promised_by: Some(now.plus(2 * HOUR)) });
    assert_eq!(Service::always(now).promised_by, Some(now.plus(2 * HOUR)));
}

#[test]
fn the_next_opening_is_after_lunch_tomorrow_or_on_monday() {
    let (hours, zone) = (office(), shanghai());
    for (now, next) in [
        ("2026-11-20T07:00:00+08:00", "2026-11-20T09:00:00+08:00"),
        ("2026-11-20T12:30:00+08:00", "2026-11-20T13:00:00+08:00"),
        ("2026-11-19T20:00:00+08:00", "2026-11-20T09:00:00+08:00"),
        ("2026-11-20T20:00:00+08:00", "2026-11-23T09:00:00+08:00"),
    ] {
        assert_eq!(hours.opens_after(at(now), &zone), Some(at(next)), "{now}");
    }
}

#[test]
fn who_never_opens_promises_nothing_and_midnight_between_two_days_is_no_opening() {
    let zone = shanghai();
    let never = OpeningHours { week: Week::default(), days: vec![], answer_within_h: 2 };
    assert_eq!(never.service(at("2026-11-20T07:00:00+08:00"), &zone), Service { open: false, opens_at: None, promised_by: None });
    // Friday 20:00 over midnight to Saturday 04:00.
    let week = Week { fri: vec![interval("20:00", "24:00")], sat: vec![interval("00:00", "04:00")], ..Week::default() };
    let night = OpeningHours { week, ..never };
    assert!(night.is_open(at("2026-11-20T23:59:59.999+08:00"), &zone) && night.is_open(at("2026-11-21T00:00:00+08:00"), &zone));
    assert_eq!(night.opens_after(at("2026-11-20T21:00:00+08:00"), &zone), Some(at("2026-11-27T20:00:00+08:00")));
}

#[test]
fn hours_are_those_of_the_clock_on_the_wall_when_it_is_moved() {
    let berlin = zone("Europe/Berlin").unwrap();
    let all = |from: &str, to: &str| {
        let day = vec![interval(from, to)];
        let week = Week { mon: day.clone(), tue: day.clone(), wed: day.clone(), thu: day.clone(), fri: day.clone(), sat: day.clone(), sun: day };
        OpeningHours { week, days: vec![], answer_within_h: 1 }
    };
    // Before 25 October 2026 nine o'clock is 07:00 UTC, from that Sunday on 08:00 UTC.
    let hours = all("09:00", "17:00");
    assert_eq!(hours.opens_after(at("2026-10-24T18:00:00+02:00"), &berlin), Some(at("2026-10-25T08:00:00Z")));
    assert_eq!(hours.opens_after(at("2026-10-23T18:00:00+02:00"), &berlin), Some(at("2026-10-24T07:00:00Z")));
    // On 29 March 2026 half past two does not exist: it opens when the gap ends, at three.
    let early = all("02:30", "04:00");
    assert_eq!(early.opens_after(at("2026-03-29T00:00:00+01:00"), &berlin), Some(at("2026-03-29T01:00:00Z")));
    assert!(early.is_open(at("2026-03-29T03:00:00+02:00"), &berlin));
    // On 25 October it exists twice and is open both times; the opening is the first.
    assert_eq!(early.opens_after(at("2026-10-25T00:00:00+02:00"), &berlin), Some(at("2026-10-25T02:30:00+02:00")));
    assert!(early.is_open(at("2026-10-25T02:45:00+02:00"), &berlin) && early.is_open(at("2026-10-25T02:45:00+01:00"), &berlin));
    // Shanghai has no such change: the same hours apply before and after it.
    let shanghai = shanghai();
    assert_eq!(hours.opens_after(at("2026-10-24T18:00:00+08:00"), &shanghai), Some(at("2026-10-25T09:00:00+08:00")));
}

#[test]
fn what_cannot_be_names_its_day_and_field() {
    let with = |change: fn(&mut OpeningHours)| {
        let mut hours = office();
        change(&mut hours);
        hours.check().map_err(|error| (error.field, error.fault))
    };
    assert_eq!(with(|_| {}), Ok(()));
    let wrong = [
        (with(|h| h.week.tue[1].to = "12:59".into()), "week.tue.1.to", HoursFault::Order),
        (with(|h| h.week.tue[1].to = "13:00".into()), "week.tue.1.to", HoursFault::Order),
        (with(|h| h.week.wed[0].to = "13:30".into()), "week.wed.1", HoursFault::Overlap),
        (with(|h| h.week.sun = vec![interval("9:00", "10:00")]), "week.sun.0.from", HoursFault::Time),
        (with(|h| h.week.sun = vec![interval("24:00", "24:00")]), "week.sun.0.from", HoursFault::Time),
        (with(|h| h.week.sun = vec![interval("09:00", "24:01")]), "week.sun.0.to", HoursFault::Time),
        (with(|h| h.week.sun = vec![interval("09:0a", "24:00")]), "week.sun.0.from", HoursFault::Time),
        (with(|h| h.week.sun = (0..9).map(|n| interval(&format!("0{n}:00"), &format!("0{n}:30"))).collect()), "week.sun", HoursFault::TooManyIntervals),
        (with(|h| h.days[2].date = "2026-02-30".into()), "days.2.date", HoursFault::Date),
        (with(|h| h.days[2].date = "2026-10-01".into()), "days.2.date", HoursFault::Twice),
        (with(|h| h.days[7].intervals[0].to = "09:00".into()), "days.7.intervals.0.to", HoursFault::Order),
        (with(|h| h.days[7].name = "长".repeat(41)), "days.7.name", HoursFault::Name),
        (with(|h| h.days[7].name = "\u{202e}长".to_owned()), "days.7.name", HoursFault::Name),
        (with(|h| h.answer_within_h = 0), "answer_within_h", HoursFault::Promise),
        (with(|h| h.answer_within_h = 169), "answer_within_h", HoursFault::Promise),
    ];
    for (found, field, fault) in wrong {
        assert_eq!(found, Err((field.to_owned(), fault)));
    }
}

#[test]
fn a_zone_is_known_by_its_name_only() {
    assert!(zone("Asia/Shanghai").is_some() && zone("UTC").is_some() && zone("America/New_York").is_some());
    for name in ["", "Asia/Peking-on-Sea", "asia/shanghai", "../../etc/passwd", "+08:00", "Local"] {
        assert!(zone(name).is_none(), "{name}");
    }
}

#[test]
fn a_time_of_day_comes_today_or_tomorrow() {
    let zone = shanghai();
    for (from, next) in [
        ("2026-11-20T02:59:00+08:00", "2026-11-20T03:00:00+08:00"),
        ("2026-11-20T03:00:00+08:00", "2026-11-21T03:00:00+08:00"),
        ("2026-11-20T23:00:00+08:00", "2026-11-21T03:00:00+08:00"),
    ] {
        assert_eq!(next_at(at(from), 180, &zone), Some(at(next)), "{from}");
    }
}

/// The same interval on each day.
fn daily(from: &str, to: &str) -> OpeningHours {
    let day = vec![interval(from, to)];
    let week = Week { mon: day.clone(), tue: day.clone(), wed: day.clone(), thu: day.clone(), fri: day.clone(), sat: day.clone(), sun: day };
    OpeningHours { week, days: vec![], answer_within_h: 2 }
}

#[test]
fn what_begins_when_the_clock_jumps_opens_at_the_jump() {
    for (name, now, opens) in
        [("Europe/Berlin", "2027-03-28T00:00:00+01:00", "2027-03-28T01:00:00Z"), ("America/New_York", "2027-03-14T00:00:00-05:00", "2027-03-14T07:00:00Z")]
    {
        let zone = zone(name).unwrap();
        assert_eq!(daily("02:00", "10:00").opens_after(at(now), &zone), Some(at(opens)), "{name}");
        // An interval that the clock skips entirely does not open that day.
        assert!(daily("02:00", "03:00").opens_after(at(now), &zone).unwrap() > at(opens).plus(20 * HOUR), "{name}");
    }
    let new_york = zone("America/New_York").unwrap();
    // On 1 November 2026 the clock is put back from two to one: it opens twice, or when the clock is put back into the interval.
    let twice = daily("01:30", "02:00");
    assert_eq!(twice.opens_after(at("2026-11-01T01:45:00-04:00"), &new_york), Some(at("2026-11-01T01:30:00-05:00")));
    let back = daily("00:30", "01:15");
    assert_eq!(back.opens_after(at("2026-11-01T01:20:00-04:00"), &new_york), Some(at("2026-11-01T01:00:00-05:00")));
}

#[test]
fn a_promise_counts_hours_of_service() {
    let (office, zone) = (office(), shanghai());
    let day = daily("09:00", "18:00");
    let week = |within| OpeningHours { answer_within_h: within, ..day.clone() };
    for (hours, now, promised) in [
        (&week(2), "2026-11-20T17:55:00+08:00", "2026-11-21T10:55:00+08:00"),
        (&week(2), "2026-11-20T16:00:00+08:00", "2026-11-20T18:00:00+08:00"),
        (&week(2), "2026-11-20T18:00:00+08:00", "2026-11-21T11:00:00+08:00"),
        (&week(20), "2026-11-20T17:00:00+08:00", "2026-11-23T10:00:00+08:00"),
        // Over lunch, and from Friday to Monday.
        (&office, "2026-11-20T11:00:00+08:00", "2026-11-20T14:00:00+08:00"),
        (&office, "2026-11-20T17:30:00+08:00", "2026-11-23T10:30:00+08:00"),
        // Over the holidays.
        (&office, "2026-09-30T17:00:00+08:00", "2026-10-08T10:00:00+08:00"),
        (&OpeningHours { answer_within_h: 168, ..daily("00:00", "24:00") }, "2026-11-20T07:00:00+08:00", "2026-11-27T07:00:00+08:00"),
    ] {
        assert_eq!(hours.service(at(now), &zone).promised_by, Some(at(promised)), "{now}");
    }
    let early = OpeningHours { week: Week { fri: vec![interval("00:00", "06:35")], ..Week::default() }, days: vec![], answer_within_h: 2 };
    assert_eq!(early.service(at("2026-11-20T06:30:00+08:00"), &zone).promised_by, Some(at("2026-11-27T01:55:00+08:00")));
    // Three minutes a week are not a week of service within a year.
    let rarely = OpeningHours { week: Week { fri: vec![interval("09:00", "09:03")], ..Week::default() }, days: vec![], answer_within_h: 168 };
    assert_eq!(rarely.service(at("2026-11-20T09:01:00+08:00"), &zone).promised_by, None);
}

/// The zones that change their clocks differently within two years, each with the times of its changes.
fn zones_that_differ() -> Vec<(TimeZone, Vec<Ts>)> {
    let (from, to) = (at("2026-11-01T00:00:00Z"), at("2028-11-01T00:00:00Z"));
    let mut known = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    for name in jiff::tz::db().available() {
        let Some(zone) = zone(name.as_str()) else { continue };
        let begins = Timestamp::from_millisecond(from.0).unwrap();
        let jumps: Vec<(i64, i32)> =
            zone.following(begins).map(|jump| (jump.timestamp().as_millisecond(), jump.offset().seconds())).take_while(|(at, _)| *at < to.0).collect();
        if known.insert((zone.to_offset(begins).seconds(), jumps.clone())) {
            found.push((zone, jumps.into_iter().map(|(at, _)| Ts(at)).collect()));
        }
    }
    found
}

#[test]
fn in_every_zone_what_is_said_to_open_opens_then_and_not_before() {
    const QUARTER: i64 = HOUR / 4;
    let zones = zones_that_differ();
    let changing = zones.iter().filter(|(_, jumps)| !jumps.is_empty()).count();
    assert!(zones.len() > 50 && changing > 20, "{} zones, {changing} with changes", zones.len());
    let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    for (zone, jumps) in &zones {
        for jump in jumps {
            let shown = |at: Ts| wall(at, zone).map(|wall| i64::from(wall.hour()) * 60 + i64::from(wall.minute())).unwrap();
            let (before, after) = (shown(jump.plus(-1)) + 1, shown(*jump));
            for from in [before - 30, before, before + 30, after, after + 30].map(|minute| minute.rem_euclid(24 * 60)) {
                for to in [from + 45, 24 * 60].map(|minute| minute.min(24 * 60)) {
                    if (from, to) == (0, 24 * 60) {
                        continue; // It never closes.
                    }
                    let hours = daily(&clock(from), &clock(to));
                    let calendar = Calendar::of(&hours, zone);
                    for now in [jump.plus(-26 * HOUR), jump.plus(-QUARTER), *jump] {
                        let opens = calendar.opens_after(now).unwrap_or_else(|| panic!("{zone:?} {jump:?} {from}-{to}"));
                        let begins = |at: Ts| calendar.is_open(at) && !calendar.is_open(at.plus(-1));
                        let mut quarters = (1..).map(|n| now.plus(n * QUARTER)).take_while(|at| *at <= opens);
                        assert_eq!((begins(opens), quarters.find(|at| begins(*at))), (true, Some(opens)), "{zone:?} {jump:?} {from}-{to} at {now:?}");
                        let promised = calendar.end_of_service(now, 2 * HOUR).unwrap();
                        let served = (0..).map(|n| now.plus(n * QUARTER)).take_while(|at| *at < promised).filter(|at| calendar.is_open(*at)).count();
                        assert_eq!((served, calendar.is_open(promised.plus(-1))), (8, true), "{zone:?} {jump:?} {from}-{to} at {now:?}");
                    }
                }
            }
        }
    }
}
