export function PanelPage() { return <div /> }
