import { useTranslation } from "react-i18next";

/** Below what is being written: that it is too long, or that this browser does not keep it. */
export function ComposerNotices({ tooLong, unkept }: { tooLong: boolean; unkept: boolean }) {
  const { t } = useTranslation("desk");
  return (
    <>
      {tooLong && (
        <p className="field-error composer-long" role="alert">
          {t("composer.too_long")}
        </p>
      )}
      {unkept && (
        <p className="s2 warn composer-long" role="status">
          {t("composer.not_kept")}
        </p>
      )}
    </>
  );
}
