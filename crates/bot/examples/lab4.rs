fn main() {
    println!("{:?}", bot::bench::run(std::env::args().nth(1).unwrap().parse().unwrap()));
}
