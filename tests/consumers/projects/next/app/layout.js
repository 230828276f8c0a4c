// A page without an icon has the browser complain that there is none.
export const metadata = { icons: "data:," };

export default function Layout({ children }) {
  return (
    <html>
      <body>{children}</body>
    </html>
  );
}
