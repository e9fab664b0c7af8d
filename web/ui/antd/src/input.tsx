import { Input as Plain } from "antd";
import type { ComponentProps } from "react";

const Line = (props: ComponentProps<typeof Plain>) => <Plain dir="auto" {...props} />;
const TextArea = (props: ComponentProps<typeof Plain.TextArea>) => <Plain.TextArea dir="auto" {...props} />;

/** A field whose text runs in the direction of what is typed. */
export const Input = Object.assign(Line, { TextArea, Password: Plain.Password });
