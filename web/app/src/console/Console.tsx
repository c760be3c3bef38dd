export default function Console(_: { page?: string | null }) { return null; }
