//! How traffic varies: by growth, season, weekday and hour, with campaigns and outages.

use domain::time::{HOUR, QUARTER, Ts};
use jiff::civil::Date;

use crate::{
    calendar::{self, Calendar, Kind, Zone},
    chance::Chance,
    words::Words,
};

/// Quarters of an hour in a day.
pub const QUARTERS: usize = 96;

/// The shape of a working day by hour: quiet nights, a morning and an afternoon peak, an evening.
const WORKDAY: [f64; 24] = [2.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 5.0, 9.0, 12.0, 13.0, 11.0, 8.0, 8.0, 10.0, 11.0, 11.0, 9.0, 7.0, 8.0, 9.0, 7.0, 5.0, 3.0];
/// The shape of a day off: a late morning, and no peaks.
const DAY_OFF: [f64; 24] = [3.0, 2.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 10.0, 9.0, 8.0, 9.0, 9.0, 9.0, 8.0, 8.0, 9.0, 10.0, 9.0, 7.0, 4.0];
/// The factor of each weekday from Monday on.
const WEEKDAYS: [f64; 7] = [1.14, 1.05, 1.0, 1.0, 1.04, 0.78, 0.7];
/// The factor of the evening, from 20:00 on, while a campaign is on.
const CAMPAIGN_EVENING: f64 = 1.7;
/// How fast traffic grows: by a factor of e in this many days.
const GROWTH_DAYS: f64 = 1_250.0;
/// The bot misses this share of questions today …
const MISSES: f64 = 0.085;
/// … and missed this much more while its knowledge was new.
const MORE_MISSES: f64 = 0.08;
/// How many days ago its knowledge was new.
const LEARNING_DAYS: f64 = 400.0;
/// There is one outage in so many days.
const OUTAGE_EVERY: i64 = 16;
/// How many times as many customers write during an outage, besides the usual ones.
const OUTAGE_RUSH: f64 = 4.5;
/// The weight of what is disrupted among the themes during an outage, in relation to all others together.
const OUTAGE_SHARE: f64 = 4.0;

/// The purposes of random numbers.
const OUTAGES: u64 = 1 << 60;
const NOISE: u64 = 2 << 60;

/// A time in which something that customers need is down: the network, the courier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outage {
    /// When it begins.
    pub from: Ts,
    /// When it ends.
    pub until: Ts,
    /// How bad it is; 1 is usual.
    pub severity: f64,
}

impl Outage {
    fn contains(&self, at: Ts) -> bool {
        (self.from..self.until).contains(&at)
    }
}

/// The traffic of one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Day {
    /// The number of the day since 1970.
    pub number: i64,
    /// The date.
    pub date: Date,
    /// When it begins.
    pub begin: Ts,
    /// Its kind.
    pub kind: Kind,
    /// Whether a campaign is on.
    pub is_campaign: bool,
    /// The outage that begins on this day, if any.
    pub outage: Option<Outage>,
    /// The expected conversations of the day, without those of an outage.
    pub volume: f64,
    /// The share of questions that the bot cannot answer.
    pub misses: f64,
    /// The weights of the themes.
    weights: Vec<f64>,
    disrupted: usize,
}

impl Day {
    /// The expected number of conversations that begin in a quarter of an hour.
    pub fn arrivals(&self, quarter: usize) -> f64 {
        let shape = self.shape();
        let usual = self.volume * shape[quarter / 4] / shape.iter().sum::<f64>() / 4.0;
        let rush = self.outage_at(self.begin.plus(quarter as i64 * QUARTER)).map_or(0.0, |outage| outage.severity * OUTAGE_RUSH);
        usual + rush * self.volume / QUARTERS as f64
    }

    /// The outage at this time.
    pub fn outage_at(&self, at: Ts) -> Option<&Outage> {
        self.outage.as_ref().filter(|outage| outage.contains(at))
    }

    /// The weights of the themes at this time.
    pub fn weights_at(&self, at: Ts) -> Vec<f64> {
        let mut weights = self.weights.clone();
        if let Some(outage) = self.outage_at(at) {
            weights[self.disrupted] += OUTAGE_SHARE * outage.severity * weights.iter().sum::<f64>();
        }
        weights
    }

    /// How much longer than usual everything takes at this time, because everybody is busy.
    pub fn strain(&self, at: Ts) -> f64 {
        let hour = at.since(self.begin) / HOUR;
        let is_monday_rush = calendar::weekday(self.date) == 0 && self.kind == Kind::Workday && (9..12).contains(&hour);
        let is_campaign_evening = self.is_campaign && hour >= 20;
        let usual = if is_monday_rush || is_campaign_evening { 1.6 } else { 1.0 };
        self.outage_at(at).map_or(usual, |outage| usual * (3.0 + 3.0 * outage.severity))
    }

    fn shape(&self) -> [f64; 24] {
        let mut shape = if self.kind == Kind::Workday { WORKDAY } else { DAY_OFF };
        if self.is_campaign {
            shape[20..].iter_mut().for_each(|hour| *hour *= CAMPAIGN_EVENING);
        }
        shape
    }
}

/// The traffic of the past, as seen from a day.
pub struct Profile {
    calendar: Calendar,
    zone: Zone,
    seed: u64,
    /// The conversations of a usual working day today.
    per_day: f64,
    today: i64,
    /// The names and weights of the themes.
    themes: Vec<(String, f64)>,
    disrupted: usize,
}

impl Profile {
    /// The traffic up to `now`, when there are `per_day` conversations on a usual working day.
    pub fn new(words: &Words, zone: Zone, seed: u64, per_day: u32, now: Ts) -> Result<Self, serde_json::Error> {
        let themes = words.phrases.themes.iter().map(|theme| (theme.name.clone(), theme.weight)).collect();
        Ok(Self { calendar: Calendar::read()?, zone, seed, per_day: f64::from(per_day), today: zone.day(now), themes, disrupted: words.disrupted })
    }

    /// The clock of the company.
    pub const fn zone(&self) -> Zone {
        self.zone
    }

    /// The seed.
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// The kind of the day with this number.
    pub fn kind(&self, number: i64) -> Kind {
        self.calendar.kind(calendar::date(number))
    }

    /// The day that contains this time.
    pub fn day_at(&self, at: Ts) -> Day {
        self.day(self.zone.day(at))
    }

    /// The day with this number.
    pub fn day(&self, number: i64) -> Day {
        let date = calendar::date(number);
        let (kind, is_campaign, changes) = (self.calendar.kind(date), self.calendar.is_campaign(date), self.calendar.changes(date));
        let ago = (self.today - number).max(0) as f64;
        let weekday = match (kind, calendar::weekday(date)) {
            // A weekend that is worked is a working day like most, and a holiday says itself how quiet it is.
            (Kind::Workday, 5 | 6) | (Kind::Holiday, _) => 1.0,
            (_, weekday) => WEEKDAYS[weekday],
        };
        let noise = 0.93 + 0.14 * Chance::seeded(self.seed, NOISE ^ number as u64).fraction();
        let traffic: f64 = changes.iter().map(|change| change.traffic).product();
        let share = |name: &String| changes.iter().filter_map(|change| change.themes.get(name)).product::<f64>();
        Day {
            number,
            date,
            begin: self.zone.begin(number),
            kind,
            is_campaign,
            outage: self.outage(number),
            volume: self.per_day * (-ago / GROWTH_DAYS).exp() * weekday * traffic * noise,
            misses: MISSES + MORE_MISSES * (ago / LEARNING_DAYS).min(1.0),
            weights: self.themes.iter().map(|(name, weight)| weight * share(name)).collect(),
            disrupted: self.disrupted,
        }
    }

    /// The outage of a day: one in each stretch of [`OUTAGE_EVERY`] days, in the daytime or the evening.
    fn outage(&self, number: i64) -> Option<Outage> {
        let stretch = number.div_euclid(OUTAGE_EVERY);
        let mut chance = Chance::seeded(self.seed, OUTAGES ^ stretch as u64);
        let (day, quarter, quarters) = (chance.below(OUTAGE_EVERY as usize) as i64, 30 + chance.below(52), 5 + chance.below(8));
        let from = self.zone.begin(number).plus(quarter as i64 * QUARTER);
        let severity = 0.7 + 0.7 * chance.fraction();
        (stretch * OUTAGE_EVERY + day == number).then(|| Outage { from, until: from.plus(quarters as i64 * QUARTER), severity })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil;

    use super::*;
    use crate::words::OPERATOR;

    /// Saturday 2026-11-21, noon.
    const NOW: Ts = Ts(1_795_233_600_000);

    fn profile(seed: u64) -> Profile {
        Profile::new(&Words::read(OPERATOR).unwrap(), Zone::named("Asia/Shanghai", NOW), seed, 100, NOW).unwrap()
    }

    /// The day with a date, as if traffic did not grow.
    fn on(profile: &Profile, year: i16, month: i8, day: i8) -> Day {
        let date = civil::date(year, month, day);
        let number = i64::from(civil::date(1970, 1, 1).until(date).unwrap().get_days());
        assert_eq!(calendar::date(number), date);
        let mut day = profile.day(number);
        day.volume *= ((profile.today - number).max(0) as f64 / GROWTH_DAYS).exp();
        day
    }

    fn evening(day: &Day) -> f64 {
        (80..92).map(|quarter| day.arrivals(quarter)).sum()
    }

    #[test]
    fn a_holiday_evening_is_quieter_and_a_campaign_evening_busier_than_any_other() {
        let profile = profile(1);
        let (usual, holiday, campaign) = (on(&profile, 2026, 3, 17), on(&profile, 2026, 2, 17), on(&profile, 2026, 11, 10));
        assert_eq!([usual.kind, holiday.kind, campaign.kind], [Kind::Workday, Kind::Holiday, Kind::Workday]);
        assert!(evening(&holiday) < 0.85 * evening(&usual), "{} {}", evening(&holiday), evening(&usual));
        assert!(evening(&campaign) > 1.5 * evening(&usual), "{} {}", evening(&campaign), evening(&usual));
        assert!(campaign.is_campaign && campaign.strain(campaign.begin.plus(21 * HOUR)) > 1.0);
    }

    #[test]
    fn nights_are_quiet_and_weekends_quieter_than_working_days() {
        let profile = profile(1);
        let monday = on(&profile, 2026, 3, 16);
        let at = |day: &Day, hour: usize| (hour * 4..hour * 4 + 4).map(|quarter| day.arrivals(quarter)).sum::<f64>();
        assert!(at(&monday, 10) > 8.0 * at(&monday, 3));
        assert!(monday.volume > 1.2 * on(&profile, 2026, 3, 15).volume);
        let whole: f64 = (0..QUARTERS).map(|quarter| monday.arrivals(quarter)).sum();
        assert!(monday.outage.is_some() || (whole - monday.volume).abs() < 0.001, "{whole} {}", monday.volume);
        assert!(monday.strain(monday.begin.plus(10 * HOUR)) > monday.strain(monday.begin.plus(15 * HOUR)));
    }

    #[test]
    fn themes_follow_the_calendar() {
        let profile = profile(1);
        let share = |day: &Day, name: &str| {
            let at = profile.themes.iter().position(|(theme, _)| theme == name).unwrap();
            day.weights[at] / day.weights.iter().sum::<f64>()
        };
        let usual = on(&profile, 2026, 3, 17);
        assert!(share(&on(&profile, 2026, 11, 10), "shop") > 1.6 * share(&usual, "shop"));
        assert!(share(&on(&profile, 2026, 9, 30), "roaming") > 1.8 * share(&usual, "roaming"));
        assert!(share(&on(&profile, 2026, 3, 3), "bills") > 1.3 * share(&usual, "bills"));
        assert!(share(&on(&profile, 2026, 9, 8), "plans") > 1.3 * share(&usual, "plans"));
    }

    #[test]
    fn traffic_grows_and_the_bot_learns() {
        let profile = profile(1);
        let year = |first: i64| (first..first + 364).map(|ago| profile.day(profile.today - ago)).collect::<Vec<_>>();
        let (last, before) = (year(0), year(364));
        let sum = |days: &[Day]| days.iter().map(|day| day.volume).sum::<f64>();
        assert!(sum(&last) > 1.2 * sum(&before), "{} {}", sum(&last), sum(&before));
        assert!(before[363].misses > 1.5 * last[0].misses);
        assert_eq!(profile.day(profile.today + 1).misses, MISSES);
    }

    #[test]
    fn an_outage_brings_many_about_the_network_and_makes_everybody_wait() {
        for seed in 0..20 {
            let profile = profile(seed);
            let days: Vec<Day> = (0..OUTAGE_EVERY * 2).map(|ago| profile.day(profile.today - ago)).filter(|day| day.outage.is_some()).collect();
            assert!((1..=3).contains(&days.len()), "{} outages with the seed {seed}", days.len());
            let (day, outage) = (&days[0], days[0].outage.unwrap());
            assert_eq!(profile.zone.day(outage.from), profile.zone.day(outage.until.plus(-1)), "seed {seed}");
            let quarter = (outage.from.since(day.begin) / QUARTER) as usize;
            assert!(day.arrivals(quarter) > 2.0 * day.arrivals(quarter - 1), "seed {seed}");
            assert!(day.strain(outage.from) > 3.0 * day.strain(outage.from.plus(-1)), "seed {seed}");
            let weights = day.weights_at(outage.from);
            assert!(weights[profile.disrupted] > 0.6 * weights.iter().sum::<f64>(), "seed {seed}");
            assert_eq!(day.weights_at(outage.until), day.weights, "seed {seed}");
        }
    }

    #[test]
    fn a_seed_determines_every_day() {
        let (one, same, other) = (profile(1), profile(1), profile(2));
        for ago in 0..40 {
            assert_eq!(one.day(one.today - ago), same.day(same.today - ago));
        }
        assert!((0..40).any(|ago| one.day(one.today - ago) != other.day(other.today - ago)));
    }
}
