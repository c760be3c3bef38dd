export default function Portal(_: { page?: string | null }) { return null; }
