/** One morning's conversations as answer lines: a decoration, the same on every visit. */
interface Bar {
  x: number;
  y: number;
  bot: number;
  queue: number;
  agent: number;
}

export function drawLines(rows: number, width: number): Bar[] {
  let seed = 20_261_120;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  const bars: Bar[] = [];
  for (let row = 0; row < rows; row += 1) {
    let x = 8 + random() * 150;
    while (x < width) {
      const answered = random() < 0.58;
      const bot = 60 + random() * 120;
      const queue = answered ? 22 + random() * 40 : 0;
      const agent = answered ? 120 + random() * 150 : 0;
      bars.push({ x, y: 18 + row * 37.4, bot, queue, agent });
      x += bot + queue + agent + 70 + random() * 130;
    }
  }
  return bars;
}

const bars = drawLines(15, 980);

export function AnswerLines() {
  return (
    <svg className="art-lines" viewBox="0 0 960 580" preserveAspectRatio="xMinYMid slice" aria-hidden="true">
      {bars.map(({ x, y, bot, queue, agent }) => (
        <g key={`${x}-${y}`}>
          <circle className="art-bot" cx={x} cy={y} r="4" />
          <path className="art-bot art-dash" d={`M${x + 7} ${y}h${bot - 7}`} />
          {queue > 0 && <path className="art-queue" d={`M${x + bot + 4} ${y}h${queue - 4}`} />}
          {agent > 0 && <path className="art-agent" d={`M${x + bot + queue + 4} ${y}h${agent}`} />}
          {agent > 0 && <circle className="art-start" cx={x + bot + queue + 4} cy={y} r="5.5" />}
        </g>
      ))}
    </svg>
  );
}
