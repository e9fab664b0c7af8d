import { useTranslation } from "react-i18next";
import { dayAndTime } from "../lib/format";
import { useMe } from "../lib/session";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { lessonBy, type MemberLessons, type Team } from "./team";
import { useLessonName } from "./use-lesson-name";

/** Members on a page of the table. */
const pageSize = 50;

/** When a member finished a lesson, that they have not, or that it is not for them. */
function Cell({ member, lesson }: { member: MemberLessons; lesson: string }) {
  const { t } = useTranslation("training");
  const me = useMe();
  const one = lessonBy(member, lesson);
  if (!one)
    return (
      <span className="t3" title={t("not_theirs")}>
        <span aria-hidden="true">–</span>
        <span className="sr">{t("not_theirs")}</span>
      </span>
    );
  if (one.finished_at === null) return <span className="tag warn">{t("not_yet")}</span>;
  return <time className="n">{dayAndTime(one.finished_at, me.time_zone)}</time>;
}

interface TeamTableProps {
  rows: readonly MemberLessons[];
  lessons: Team["lessons"];
  /** The only lesson that is asked about, if it is one. */
  only: string | undefined;
}

/** Each member, and each lesson. */
export function TeamTable({ rows, lessons, only }: TeamTableProps) {
  const { t } = useTranslation("training");
  const nameOf = useLessonName();
  const columns: readonly Column<MemberLessons>[] = [
    {
      id: "person",
      title: t("column.person"),
      isHeading: true,
      sortBy: ({ name }) => name,
      cell: ({ name, number }) => (
        <>
          <b dir="auto">{name}</b> <span className="t3">{number}</span>
        </>
      ),
    },
    ...lessons
      .filter(({ lesson }) => only === undefined || lesson === only)
      .map(
        ({ lesson }): Column<MemberLessons> => ({
          id: lesson,
          title: nameOf(lesson),
          first: "descending",
          sortBy: (member) => lessonBy(member, lesson)?.finished_at ?? null,
          cell: (member) => <Cell member={member} lesson={lesson} />,
        }),
      ),
  ];
  return (
    <Table
      label={t("team")}
      className="card"
      columns={columns}
      rows={rows}
      keyOf={({ id }) => id}
      pageSize={pageSize}
    />
  );
}
