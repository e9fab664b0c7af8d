/** The product's logo; its colours are the same in every theme. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path fill="#0A6A78" d="M16 1.5A14.5 14.5 0 0 1 16 30.5H3A1.5 1.5 0 0 1 1.5 29V16A14.5 14.5 0 0 1 16 1.5Z" />
      <path
        fill="none"
        stroke="#FFFFFF"
        strokeWidth="3.2"
        strokeLinecap="round"
        d="M22.6 9.2C22.6 13.6 16 13 16 18.2V23.4"
      />
      <path
        fill="none"
        stroke="#FFFFFF"
        strokeWidth="3.2"
        strokeLinecap="round"
        strokeOpacity=".6"
        d="M9.4 9.2C9.4 12 11.6 12.8 13.3 14"
      />
      <circle cx="22.6" cy="9.2" r="2.6" fill="#FF9A80" />
    </svg>
  );
}
