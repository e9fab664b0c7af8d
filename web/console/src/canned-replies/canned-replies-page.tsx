export function CannedRepliesPage() { return <div /> }
